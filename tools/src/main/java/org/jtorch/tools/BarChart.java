package org.jtorch.tools;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * A chart of horizontal bars, with a row for each layer and one or more panels side by side, each with its own scale. It is
 * written as a PNG and needs no display. It is implemented here because the chart libraries that were considered give all bars
 * of a series the same colour.
 */
final class BarChart {

    /**
     * A bar and the text at its end.
     *
     * @param length the length; nothing is drawn if it is 0
     * @param inner the part of the length that is drawn in the full colour, the rest being pale; {@code length} for all of it
     * @param text the text at its end
     * @param colour the colour
     */
    record Bar(double length, double inner, String text, Color colour) {}

    /**
     * A column of bars.
     *
     * @param title what the bars measure
     * @param bars the bars, one for each row
     * @param scale the axis below them
     */
    record Panel(String title, List<Bar> bars, Scale scale) {}

    private static final int WIDTH = 1100;
    private static final int ROW = 22;
    private static final int BAR = 14;
    private static final int MARGIN = 16;
    private static final int TITLE = 44;
    private static final int GAP = 24;
    private static final int LONGEST_LABEL = WIDTH / 3;
    private static final int SWATCH = 12;

    /** The number of pixels for each unit of length. It makes the picture sharp on high-resolution screens and on paper. */
    private static final int FINENESS = 2;

    private static final Color TEXT = new Color(0x222222);
    private static final Color QUIET = new Color(0x666666);
    private static final Color GRID = new Color(0xE4E4E4);
    private static final Color MARK = new Color(0x999999);

    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 15);

    private final String title;
    private final List<String> labels;
    private final List<Panel> panels = new ArrayList<>();
    private final Map<String, Color> legend = new LinkedHashMap<>();

    /**
     * Creates a chart without bars.
     *
     * @param title the title of the chart
     * @param labels the labels, one for each row
     */
    BarChart(String title, List<String> labels) {
        this.title = title;
        this.labels = List.copyOf(labels);
    }

    /** Adds a column of bars to the right of the present ones. */
    BarChart panel(Panel panel) {
        panels.add(panel);
        return this;
    }

    /** Adds the meaning of a colour below the chart. */
    BarChart legend(String meaning, Color colour) {
        legend.put(meaning, colour);
        return this;
    }

    /**
     * Writes the chart.
     *
     * @throws IllegalStateException if there are no bars
     */
    void write(Path png) throws IOException {
        if (labels.isEmpty()) {
            throw new IllegalStateException("there is no layer to plot");
        }
        int plot = labels.size() * ROW;
        int height = TITLE + plot + 44 + (legend.isEmpty() ? 0 : 30) + MARGIN / 2;
        BufferedImage image = new BufferedImage(WIDTH * FINENESS, height * FINENESS, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.scale(FINENESS, FINENESS);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, height);
        draw(g, plot);
        g.dispose();
        Files.createDirectories(png.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(png)) {
            ImageIO.write(image, "png", out);
        }
    }

    private void draw(Graphics2D g, int plot) {
        g.setFont(BOLD);
        g.setColor(TEXT);
        g.drawString(title, MARGIN, 27);
        g.setFont(PLAIN);
        FontMetrics metrics = g.getFontMetrics();
        List<String> shown =
                labels.stream().map(label -> fitting(label, metrics)).toList();
        int start = MARGIN + shown.stream().mapToInt(metrics::stringWidth).max().orElse(0) + 8;
        g.setColor(TEXT);
        for (int row = 0; row < shown.size(); row++) {
            String label = shown.get(row);
            g.drawString(label, start - 8 - metrics.stringWidth(label), middle(row) + metrics.getAscent() / 2 - 1);
        }
        int width = (WIDTH - MARGIN - start - GAP * (panels.size() - 1)) / panels.size();
        for (int i = 0; i < panels.size(); i++) {
            draw(g, panels.get(i), start + i * (width + GAP), width, plot);
        }
        drawLegend(g, start, TITLE + plot + 62);
    }

    /** Returns the label, or its end if it is too long. The ends are kept because that is how the names of layers differ. */
    private static String fitting(String label, FontMetrics metrics) {
        String shown = label;
        while (metrics.stringWidth(shown) > LONGEST_LABEL && shown.length() > 2) {
            shown = "…" + shown.substring(2);
        }
        return shown;
    }

    private static int middle(int row) {
        return TITLE + row * ROW + ROW / 2;
    }

    private void draw(Graphics2D g, Panel panel, int x, int width, int plot) {
        FontMetrics metrics = g.getFontMetrics();
        Scale scale = panel.scale();
        int texts = panel.bars().stream()
                .mapToInt(bar -> metrics.stringWidth(bar.text()))
                .max()
                .orElse(0);
        int longest = width - texts - 8;
        int bottom = TITLE + plot;
        for (Scale.Tick tick : scale.ticks()) {
            int at = x + (int) Math.round(scale.part(tick.value()) * longest);
            g.setColor(GRID);
            g.drawLine(at, TITLE, at, bottom);
            g.setColor(QUIET);
            g.drawString(tick.text(), at - metrics.stringWidth(tick.text()) / 2, bottom + 16);
        }
        drawMarks(g, scale, x, longest, bottom);
        for (int row = 0; row < panel.bars().size(); row++) {
            Bar bar = panel.bars().get(row);
            int top = middle(row) - BAR / 2;
            int outer = bar.length() == 0 ? 0 : Math.max(1, (int) Math.round(scale.part(bar.length()) * longest));
            int inner = bar.inner() == 0 ? 0 : Math.max(1, (int) Math.round(scale.part(bar.inner()) * longest));
            g.setColor(pale(bar.colour()));
            g.fillRect(x, top, outer, BAR);
            g.setColor(bar.colour());
            g.fillRect(x, top, inner, BAR);
            g.setColor(outer == 0 ? bar.colour() : TEXT);
            g.drawString(bar.text(), x + outer + 5, middle(row) + metrics.getAscent() / 2 - 1);
        }
        g.setColor(MARK);
        g.drawLine(x, TITLE, x, bottom);
        g.setColor(TEXT);
        g.drawString(panel.title(), x, bottom + 36);
    }

    private static void drawMarks(Graphics2D g, Scale scale, int x, int longest, int bottom) {
        FontMetrics metrics = g.getFontMetrics();
        for (Scale.Tick mark : scale.marks()) {
            int at = x + (int) Math.round(scale.part(mark.value()) * longest);
            g.setColor(MARK);
            g.setStroke(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0));
            g.drawLine(at, TITLE, at, bottom);
            g.setStroke(new BasicStroke(1));
            g.setColor(QUIET);
            g.drawString(mark.text(), at - metrics.stringWidth(mark.text()) / 2, TITLE - 4);
        }
    }

    private void drawLegend(Graphics2D g, int start, int base) {
        int x = start;
        for (Map.Entry<String, Color> entry : legend.entrySet()) {
            g.setColor(entry.getValue());
            g.fillRect(x, base - SWATCH + 2, SWATCH, SWATCH);
            g.setColor(TEXT);
            g.drawString(entry.getKey(), x + SWATCH + 5, base);
            x += SWATCH + 5 + g.getFontMetrics().stringWidth(entry.getKey()) + 18;
        }
    }

    private static Color pale(Color colour) {
        return new Color(
                255 - (255 - colour.getRed()) * 2 / 5,
                255 - (255 - colour.getGreen()) * 2 / 5,
                255 - (255 - colour.getBlue()) * 2 / 5);
    }
}
