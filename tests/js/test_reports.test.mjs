// What is read from the output of tests: a failure is told again at the end of a run.
import assert from "node:assert/strict";
import { it } from "node:test";
import {
    crash,
    excerpt,
    readCargo,
    readJunit,
    sum,
} from "../../scripts/test/reports.mjs";

it("has the text of each failed test in a JUnit report, and leaves out what was skipped", () => {
    const xml = `<testsuites><testsuite>
        <testcase classname="a.test" name="passes &quot;so&quot; [x &gt; 1]" time="0.5"/>
        <testcase classname="a.test" name="fails" time="1">
            <failure message="1 > 2">E  assert 1 &gt; 2&#10;E  &#x41;</failure>
        </testcase>
        <testcase classname="b.test" name="in CDATA" time="2">
            <failure message="&lt;x&gt;"><![CDATA[<b> &amp; 1]]>]]&gt;<![CDATA[2]]></failure>
            <system-out>console</system-out>
        </testcase>
        <testcase classname="b.test" name="skipped" time="0"><skipped/></testcase>
        <testcase classname="c" name="broken" time="0"><error>no broker</error></testcase>
    </testsuite></testsuites>`;
    const { passed, failed, tests, failures } = readJunit(xml);
    assert.deepEqual([passed, failed], [1, 3]);
    assert.deepEqual(tests[0], { name: 'a.test › passes "so" [x > 1]', seconds: 0.5 });
    assert.deepEqual(failures, [
        { name: "a.test › fails", text: "E  assert 1 > 2\nE  A" },
        { name: "b.test › in CDATA", text: "<b> &amp; 1]]>2" },
        { name: "c › broken", text: "no broker" },
    ]);
});

it("has the panic of each failed Rust test, also of one in a browser", () => {
    const text = [
        "test curve::ends ... FAILED",
        "failures:",
        "",
        "---- curve::ends stdout ----",
        "thread 'curve::ends' panicked at src/curve.rs:3:5:",
        "left: 1",
        "",
        "---- web::page output ----",
        "error output:",
        "    panicked",
        "",
        "failures:",
        "    curve::ends",
        "",
        "test result: FAILED. 2 passed; 2 failed; 0 ignored; finished in 0.1s",
        "test result: ok. 5 passed; 0 failed; 0 ignored; finished in 0.1s",
        "",
    ].join("\n");
    const { passed, failed, failures } = readCargo(text);
    assert.deepEqual([passed, failed], [7, 2]);
    assert.deepEqual(
        failures.map(({ name }) => name),
        ["curve::ends", "web::page"],
    );
    assert.match(failures[0].text, /^thread .*:3:5:\nleft: 1\n/);
    assert.equal(failures[1].text.trim(), "error output:\n    panicked");
});

it("counts a crash as a failure, beside the results of others", () => {
    const { passed, failed, failures } = sum([
        readCargo("test result: ok. 5 passed; 0 failed; 0 ignored"),
        crash("the program", "error[E0425]"),
    ]);
    assert.deepEqual([passed, failed], [5, 1]);
    assert.deepEqual(failures, [{ name: "the program", text: "error[E0425]" }]);
});

it("shows the beginning and the end of a long text", () => {
    const lines = (count) => Array.from({ length: count }, (_, i) => `line ${i + 1}`);
    assert.equal(excerpt(`\n${lines(51).join("\n")}\n`), lines(51).join("\n"));
    const shown = excerpt(lines(1000).join("\n")).split("\n");
    assert.equal(shown.length, 51);
    assert.deepEqual(
        [shown[0], shown[25], shown[50]],
        ["line 1", "... 950 lines ...", "line 1000"],
    );
});
