package org.jtorch.export.internal.draw;

import java.util.List;
import java.util.Locale;

/** A graph as SVG. */
final class Drawing {

    private static final double CHARACTER = 7.25;
    private static final int LINE = 16;
    private static final int PADDING = 10;
    private static final int LONGEST = 44;
    private static final int MARGIN = 12;

    private Drawing() {}

    static String of(Boxes boxes) {
        List<Boxes.Box> all = boxes.boxes();
        double[] widths = new double[all.size()];
        double[] heights = new double[all.size()];
        boolean[] starts = new boolean[all.size()];
        for (int i = 0; i < all.size(); i++) {
            Boxes.Box box = all.get(i);
            starts[i] = box.kind() == Boxes.Kind.INPUT;
            int longest = length(box.heading());
            for (String line : box.details()) {
                longest = Math.max(longest, length(line));
            }
            widths[i] = Math.max(80, longest * CHARACTER + 2 * PADDING);
            heights[i] = (1 + box.details().size()) * LINE + PADDING;
        }
        Layout layout = new Layout(widths, heights, starts, boxes.edges());
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg role=\"img\" aria-label=\"the graph\" width=\"%.0f\" height=\"%.0f\" viewBox=\"%d %d %.0f %.0f\">%n",
                layout.width() + 2 * MARGIN,
                layout.height() + 2 * MARGIN,
                -MARGIN,
                -MARGIN,
                layout.width() + 2 * MARGIN,
                layout.height() + 2 * MARGIN));
        for (int i = 0; i < all.size(); i++) {
            svg.append("<g class=\"")
                    .append(all.get(i).kind().name().toLowerCase(Locale.ROOT))
                    .append("\"><title>")
                    .append(Html.escape(all.get(i).title()))
                    .append("</title>");
            lines(layout.lines(i), svg);
            box(all.get(i), layout.left(i), layout.top(i), widths[i], heights[i], svg);
            svg.append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private static int length(String text) {
        return Math.min(LONGEST, text.codePointCount(0, text.length()));
    }

    private static void lines(List<Layout.Piece> pieces, StringBuilder svg) {
        for (Layout.Piece piece : pieces) {
            double middle = (piece.y1() + piece.y2()) / 2;
            svg.append(String.format(
                    Locale.ROOT,
                    "<path%s d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>",
                    piece.arrow() ? " marker-end=\"url(#arrow)\"" : "",
                    piece.x1(),
                    piece.y1(),
                    piece.x1(),
                    middle,
                    piece.x2(),
                    middle,
                    piece.x2(),
                    piece.arrow() ? piece.y2() - 1 : piece.y2()));
        }
    }

    private static void box(Boxes.Box box, double left, double top, double width, double height, StringBuilder svg) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"5\"/>",
                left,
                top,
                width,
                height));
        text("heading", box.heading(), left + width / 2, top + LINE, svg);
        for (int i = 0; i < box.details().size(); i++) {
            text("detail", box.details().get(i), left + width / 2, top + LINE * (i + 2), svg);
        }
    }

    private static void text(String kind, String text, double x, double y, StringBuilder svg) {
        svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", kind, x, y))
                .append(Html.escape(Html.clipped(text, LONGEST)))
                .append("</text>");
    }
}
