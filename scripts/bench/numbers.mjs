export function median(numbers) {
    const sorted = numbers.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function mean(numbers) {
    return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/**
 * Fits the line `a + b·x` by least squares of the relative deviations; `off` is the largest of
 * them.
 *
 * @param {[number, number][]} points
 */
export function line(points) {
    const sum = (of) => points.reduce((all, [x, y]) => all + of(x) / y ** 2, 0);
    const sumOfY = (of) => points.reduce((all, [x, y]) => all + of(x) / y, 0);
    const [n, x, xx] = [sum(() => 1), sum((it) => it), sum((it) => it * it)];
    const [y, xy] = [sumOfY(() => 1), sumOfY((it) => it)];
    const b = (n * xy - x * y) / (n * xx - x * x);
    const a = (y - b * x) / n;
    const off = Math.max(...points.map(([x, y]) => Math.abs((a + b * x) / y - 1)));
    return { a, b, off };
}

/** "1.2 / 3.4" */
export function list(numbers, digits = 1) {
    return numbers.map((number) => number.toFixed(digits)).join(" / ");
}

/** "-1.0 to 2.5" */
export function range(numbers, digits = 1) {
    return `${Math.min(...numbers).toFixed(digits)} to ${Math.max(...numbers).toFixed(digits)}`;
}

export function percent(share) {
    return `${(100 * share).toFixed(0)} %`;
}

export function kilobytes(bytes) {
    return `${(bytes / 1000).toFixed(1)} kB`;
}
