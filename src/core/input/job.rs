//! Whether a print job is under way, and whether it is waiting for a heater.

/// How long the file must have stood still, in seconds, before a job counts as waiting: a
/// single slow move takes less.
const STANDSTILL: f64 = 5.0;

/// How much of the time the file must have been read on since the job began, in seconds,
/// before the job's start counts as over: homing and the commands between two waits take
/// less.
const START: f64 = 10.0;

/// Longest time between two messages that counts as reading on, in seconds: they come twice a
/// second, and a gap is no evidence.
const LONGEST_STEP: f64 = 2.0;

/// The job's part of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Whether a job is under way, be it paused.
    pub printing: bool,
    /// How far the file has been read, in bytes, if that is known.
    pub position: Option<f64>,
}

/// What a print job is doing. The server's module passes the place in this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobPhase {
    /// There is none.
    None,
    /// It has hardly begun, and most likely waits for temperature.
    Start,
    /// Its start is over, but it waits: for temperature, or because it is paused.
    Waits,
    /// It prints.
    Prints,
}

impl JobPhase {
    /// Whether the start of a job is over: nobody waits for heaters until it ends.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Waits | Self::Prints)
    }
}

/// Follows the print job.
///
/// OctoPrint does not report when it waits in `M109` or `M190`, but the file stands still then.
#[derive(Debug, Clone, Copy, Default)]
pub struct Job {
    now: Option<Progress>,
    /// Server time of the last message, in seconds.
    time: f64,
    /// Server time since which the file has stood still, in seconds.
    since: f64,
    /// For how long it was read on, in seconds.
    worked: f64,
}

impl Job {
    /// Takes the job's part of a message made at server time `time` (s).
    pub fn observe(&mut self, progress: Progress, time: f64) {
        let last = self.now.replace(progress);
        let step = time - self.time;
        self.time = time;
        let Some(last) = last.filter(|last| last.printing && progress.printing) else {
            self.since = time;
            // Of a job that was found under way the start is most likely over.
            let found = last.is_none() && progress.printing;
            self.worked = if found { START } else { 0.0 };
            if found {
                self.since = time - STANDSTILL;
            }
            return;
        };
        if progress.position != last.position {
            self.since = time;
            if (0.0..=LONGEST_STEP).contains(&step) {
                self.worked += step;
            }
        }
    }

    /// What it is doing at server time `now` (s).
    #[must_use]
    pub fn phase(&self, now: f64) -> JobPhase {
        if !self.now.is_some_and(|progress| progress.printing) {
            JobPhase::None
        } else if self.worked < START {
            JobPhase::Start
        } else if now - self.since < STANDSTILL {
            JobPhase::Prints
        } else {
            JobPhase::Waits
        }
    }

    /// Whether it is under way and does not wait for temperature at server time `now` (s).
    #[must_use]
    pub fn prints(&self, now: f64) -> bool {
        self.phase(now) == JobPhase::Prints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A job whose file is read on in the seconds that `reads` names, seen twice a second.
    fn job(seconds: u32, reads: impl Fn(f64) -> bool) -> Job {
        let mut job = Job::default();
        let mut position = 0.0;
        job.observe(
            Progress {
                printing: false,
                position: None,
            },
            99.0,
        );
        for time in (0..=2 * seconds).map(|i| f64::from(i) / 2.0) {
            if reads(time) {
                position += 100.0;
            }
            let progress = Progress {
                printing: true,
                position: Some(position),
            };
            job.observe(progress, 100.0 + time);
        }
        job
    }

    #[test]
    fn a_job_waits_at_its_start_however_it_is_interrupted() {
        for seconds in [1, 5, 20, 60, 300] {
            // Homing, two waits, a word on the display between them.
            let job = job(seconds, |t| t < 4.0 || (20.0..22.0).contains(&t));
            assert!(!job.prints(100.0 + f64::from(seconds)), "{seconds} s");
        }
    }

    #[test]
    fn a_job_prints_once_its_file_is_read_on() {
        let job = job(60, |t| t > 30.0);
        assert!(job.prints(160.0));
        assert!(!job.prints(166.0), "a tool change that waits, or a pause");
    }

    #[test]
    fn no_job_does_not_print() {
        let mut ended = job(60, |_| true);
        assert!(ended.prints(160.0));
        ended.observe(
            Progress {
                printing: false,
                position: None,
            },
            161.0,
        );
        assert!(!ended.prints(161.0));
        assert!(!Job::default().prints(0.0));
    }

    #[test]
    fn a_job_that_was_found_under_way_prints_as_soon_as_its_file_moves() {
        let mut found = Job::default();
        let at = |position| Progress {
            printing: true,
            position: Some(position),
        };
        found.observe(at(5000.0), 100.0);
        assert!(!found.prints(100.0), "it may be waiting");
        found.observe(at(5100.0), 100.5);
        assert!(found.prints(100.5));
    }
}
