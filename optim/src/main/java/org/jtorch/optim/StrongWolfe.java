package org.jtorch.optim;

import java.util.List;
import java.util.function.DoubleFunction;
import org.jtorch.Tensor;

/**
 * Finds a step size along a direction at which the loss is less than at its beginning, and its slope flatter: the conditions of
 * Wolfe, with cubic interpolation.
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
    record Point(double t, double loss, Tensor gradient, double slope) {}

    /**
     * The end of a search.
     *
     * @param point the best point
     * @param evaluations how often the loss was computed
     */
    record Result(Point point, int evaluations) {}

    private final DoubleFunction<Point> line;
    private final Point start;
    private final long most;
    private int evaluations;

    private StrongWolfe(DoubleFunction<Point> line, Point start, long most) {
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
            DoubleFunction<Point> line, Point start, double t, double length, double tolerance, long most) {
        StrongWolfe search = new StrongWolfe(line, start, most);
        List<Point> bracket = search.bracket(t);
        Point best =
                bracket.size() == 1 ? bracket.get(0) : search.zoom(bracket.get(0), bracket.get(1), length, tolerance);
        return new Result(best, search.evaluations);
    }

    private Point at(double t) {
        evaluations++;
        return line.apply(t);
    }

    private boolean isTooHigh(Point point) {
        return point.loss > start.loss + C1 * point.t * start.slope;
    }

    private boolean isFlat(Point point) {
        return Math.abs(point.slope) <= -C2 * start.slope;
    }

    /** Returns a point that meets the conditions, or two points around one. */
    private List<Point> bracket(double t) {
        Point previous = start;
        Point point = at(t);
        for (int i = 0; i < most; i++) {
            if (isTooHigh(point) || i > 1 && point.loss >= previous.loss) {
                return List.of(previous, point);
            }
            if (isFlat(point)) {
                return List.of(point);
            }
            if (point.slope >= 0) {
                return List.of(previous, point);
            }
            double least = point.t + 0.01 * (point.t - previous.t);
            double next = interpolate(previous, point, least, point.t * 10);
            previous = point;
            point = at(next);
        }
        return List.of(start, point);
    }

    /** Makes the range between two points smaller until a point meets the conditions, and returns the best one. */
    private Point zoom(Point first, Point second, double length, double tolerance) {
        Point[] ends = {first, second};
        int low = lower(ends);
        boolean wasClose = false;
        while (evaluations - 1 < most && !(Math.abs(ends[1].t - ends[0].t) * length < tolerance)) {
            double least = Math.min(ends[0].t, ends[1].t);
            double greatest = Math.max(ends[0].t, ends[1].t);
            double t = interpolate(ends[0], ends[1], least, greatest);
            double margin = 0.1 * (greatest - least);
            boolean close = Math.min(greatest - t, t - least) < margin;
            if (close && (wasClose || t >= greatest || t <= least)) {
                t = Math.abs(t - greatest) < Math.abs(t - least) ? greatest - margin : least + margin;
                close = false;
            }
            wasClose = close;
            Point point = at(t);
            if (isTooHigh(point) || point.loss >= ends[low].loss) {
                ends[1 - low] = point;
                low = lower(ends);
                continue;
            }
            if (!isFlat(point) && point.slope * (ends[1 - low].t - ends[low].t) >= 0) {
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
    private static double interpolate(Point a, Point b, double least, double greatest) {
        double d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t);
        double square = d1 * d1 - a.slope * b.slope;
        if (!(square >= 0)) {
            return (least + greatest) / 2;
        }
        double d2 = Math.sqrt(square);
        double minimum = a.t <= b.t
                ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
        return Math.min(Math.max(minimum, least), greatest);
    }
}
