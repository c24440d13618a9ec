$(() => {
    /** The line through the first and the newest reading, to the target. */
    function estimate(samples, phase) {
        if (phase !== "heating" || samples.length < 2) return null;
        const [first, last] = [samples[0], samples[samples.length - 1]];
        const rate = (last.actual - first.actual) / (last.time - first.time);
        return rate > 0 ? Math.max(0, last.target - last.actual) / rate : null;
    }

    function SampleAlgorithmViewModel([temperatureEta]) {
        temperatureEta?.registerAlgorithm({
            id: "sample_algorithm.two_points",
            name: "Two points",
            estimate,
        });
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: SampleAlgorithmViewModel,
        dependencies: ["tempEtaViewModel"],
        optional: ["tempEtaViewModel"],
    });
});
