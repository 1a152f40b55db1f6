package org.jtorch.optim;

import java.util.List;
import java.util.function.Function;
import org.jtorch.Tensor;

/**
 * Finds a step size along a direction at which the loss is less than at its beginning, and its slope flatter: the conditions of
 * Wolfe, with cubic interpolation. Losses are {@code float}s of Python, and slopes tensors; a step size is either. Where a cubic
 * is degenerate, the result depends on how each of them is rounded.
 *
 * @see <a href="https://www.cs.ubc.ca/~schmidtm/Software/minFunc.html">minFunc, Schmidt 2005</a>
 */
final class StrongWolfe {

    /** How much of the decrease that the slope promises is enough. */
    private static final double C1 = 1e-4;

    /** How much of the slope may be left. */
    private static final double C2 = 0.9;

    /**
     * A point on the line.
     *
     * @param t the step size
     * @param loss the loss there
     * @param gradient the gradient there
     * @param slope the derivative by the step size
     */
    record Point(Scalar t, double loss, Tensor gradient, Scalar slope) {}

    /**
     * The end of a search.
     *
     * @param point the best point
     * @param evaluations how often the loss was computed
     */
    record Result(Point point, int evaluations) {}

    private final Function<Scalar, Point> line;
    private final Point start;
    private final long most;
    private int evaluations;

    private StrongWolfe(Function<Scalar, Point> line, Point start, long most) {
        this.line = line;
        this.start = start;
        this.most = most;
    }

    /**
     * Searches.
     *
     * @param line computes the point of a step size
     * @param start the point of step size 0
     * @param t the first step size
     * @param length the greatest element of the direction
     * @param tolerance the length of a step that is not worth another evaluation
     * @param most the greatest number of evaluations after the first one
     */
    static Result search(
            Function<Scalar, Point> line, Point start, Scalar t, Scalar length, double tolerance, long most) {
        StrongWolfe search = new StrongWolfe(line, start, most);
        List<Point> bracket = search.bracket(t);
        Point best =
                bracket.size() == 1 ? bracket.get(0) : search.zoom(bracket.get(0), bracket.get(1), length, tolerance);
        return new Result(best, search.evaluations);
    }

    private Point at(Scalar t) {
        evaluations++;
        return line.apply(t);
    }

    private boolean isTooHigh(Point point) {
        Scalar limit = Scalar.of(start.loss).plus(point.t.times(C1).times(start.slope));
        return limit.isLess(Scalar.of(point.loss));
    }

    private boolean isFlat(Point point) {
        return point.slope.abs().isAtMost(start.slope.times(-C2));
    }

    /** Returns a point that meets the conditions, or two points around one. */
    private List<Point> bracket(Scalar t) {
        Point previous = start;
        Point point = at(t);
        for (int i = 0; i < most; i++) {
            if (isTooHigh(point) || i > 1 && point.loss >= previous.loss) {
                return List.of(previous, point);
            }
            if (isFlat(point)) {
                return List.of(point);
            }
            if (point.slope.isAtLeast(0)) {
                return List.of(previous, point);
            }
            Scalar least = point.t.plus(point.t.minus(previous.t).times(0.01));
            Scalar next = interpolate(previous, point, least, point.t.times(10));
            previous = point;
            point = at(next);
        }
        return List.of(start, point);
    }

    /** Makes the range between two points smaller until a point meets the conditions, and returns the best one. */
    private Point zoom(Point first, Point second, Scalar length, double tolerance) {
        Point[] ends = {first, second};
        int low = lower(ends);
        boolean wasClose = false;
        while (evaluations - 1 < most
                && !ends[1].t.minus(ends[0].t).abs().times(length).isLess(tolerance)) {
            Scalar least = Scalar.min(ends[0].t, ends[1].t);
            Scalar greatest = Scalar.max(ends[0].t, ends[1].t);
            Scalar t = interpolate(ends[0], ends[1], least, greatest);
            Scalar margin = greatest.minus(least).times(0.1);
            boolean close = Scalar.min(greatest.minus(t), t.minus(least)).isLess(margin);
            if (close && (wasClose || greatest.isAtMost(t) || t.isAtMost(least))) {
                boolean high = t.minus(greatest).abs().isLess(t.minus(least).abs());
                t = high ? greatest.minus(margin) : least.plus(margin);
                close = false;
            }
            wasClose = close;
            Point point = at(t);
            if (isTooHigh(point) || point.loss >= ends[low].loss) {
                ends[1 - low] = point;
                low = lower(ends);
                continue;
            }
            if (!isFlat(point)
                    && point.slope.times(ends[1 - low].t.minus(ends[low].t)).isAtLeast(0)) {
                ends[1 - low] = ends[low];
            }
            ends[low] = point;
            if (isFlat(point)) {
                break;
            }
        }
        return ends[low];
    }

    private static int lower(Point[] ends) {
        return ends[0].loss <= ends[1].loss ? 0 : 1;
    }

    /** Returns where the cubic through two points with their slopes has its minimum, within bounds. */
    private static Scalar interpolate(Point a, Point b, Scalar least, Scalar greatest) {
        Scalar steepness = Scalar.of(3 * (a.loss - b.loss)).over(a.t.minus(b.t));
        Scalar d1 = a.slope.plus(b.slope).minus(steepness);
        Scalar square = d1.times(d1).minus(a.slope.times(b.slope));
        if (!square.isAtLeast(0)) {
            return least.plus(greatest).over(Scalar.of(2));
        }
        Scalar d2 = square.sqrt();
        Scalar minimum = a.t.isAtMost(b.t) ? minimum(a, b, d1, d2) : minimum(b, a, d1, d2);
        return Scalar.min(Scalar.max(minimum, least), greatest);
    }

    /** Returns where the cubic has its minimum if {@code b} is the farther point. */
    private static Scalar minimum(Point a, Point b, Scalar d1, Scalar d2) {
        Scalar part = b.slope.plus(d2).minus(d1).over(b.slope.minus(a.slope).plus(d2.times(2)));
        return b.t.minus(b.t.minus(a.t).times(part));
    }
}
