package org.jtorch.tools;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.HorizontalBarStyler;
import org.knowm.xchart.style.Styler;

/** Bars from left to right, a group for each layer from top to bottom, as a PNG. Needs no display. */
final class BarChart {

    private static final int WIDTH = 1100;
    private static final int HEAD_AND_FOOT = 150;
    private static final int BAR = 13;
    private static final int GAP = 10;

    private static final Color[] COLOURS = {new Color(0x2F6DB5), new Color(0xE58B2A)};

    private final String title;
    private final String axis;
    private final List<String> labels;
    private final List<String> names = new ArrayList<>();
    private final List<List<Double>> series = new ArrayList<>();
    private boolean logarithmic;

    /**
     * A chart without bars.
     *
     * @param title what it shows
     * @param axis what the bars measure, with its unit
     * @param labels one for each group of bars
     */
    BarChart(String title, String axis, List<String> labels) {
        this.title = title;
        this.axis = axis;
        this.labels = List.copyOf(labels);
    }

    /** Measures in powers of ten; values that are not positive have no bar. */
    BarChart logarithmic() {
        logarithmic = true;
        return this;
    }

    /** Adds a bar to each group. */
    BarChart bars(String name, List<Double> values) {
        names.add(name);
        series.add(List.copyOf(values));
        return this;
    }

    private boolean isDrawable(double value) {
        return Double.isFinite(value) && (!logarithmic || value > 0);
    }

    /**
     * Writes the chart.
     *
     * @throws IllegalStateException if there is nothing to show
     */
    void write(Path png) throws IOException {
        if (labels.isEmpty()) {
            throw new IllegalStateException("there is no layer to plot");
        }
        int height = HEAD_AND_FOOT + labels.size() * (series.size() * BAR + GAP);
        HorizontalBarChart chart = new HorizontalBarChartBuilder()
                .width(WIDTH)
                .height(height)
                .title(title)
                .xAxisTitle(axis)
                .build();
        style(chart.getStyler());
        for (int i = 0; i < series.size(); i++) {
            chart.addSeries(names.get(i), lengths(series.get(i)), labels).setFillColor(COLOURS[i % COLOURS.length]);
        }
        Files.createDirectories(png.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(png)) {
            BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    private void style(HorizontalBarStyler styler) {
        Font text = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        styler.setAvailableSpaceFill(0.8);
        styler.setLabelsVisible(false);
        styler.setXAxisMaxLabelCount(Math.max(2, labels.size())); // of the layers' names: none is left out
        styler.setAxisTickLabelsFont(text);
        styler.setAxisTitleFont(text);
        styler.setYAxisTitleVisible(false);
        styler.setLegendFont(text);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        range(styler);
    }

    /** From zero to a little beyond the longest bar; powers of ten are marked as such. */
    private void range(AxesChartStyler styler) {
        double longest = series.stream()
                .flatMap(values -> lengths(values).stream())
                .mapToDouble(v -> v)
                .max()
                .orElse(0);
        styler.setXAxisMin(0.0);
        if (logarithmic) {
            int lowest = lowestPower();
            styler.setXAxisMax(Math.max(1, Math.ceil(longest)));
            styler.setXAxisTickLabelsFormattingFunction(length -> {
                long power = Math.round(length);
                return Math.abs(length - power) < 1e-6 ? "1e" + (power + lowest) : " ";
            });
        } else {
            styler.setXAxisMax(longest > 0 ? longest * 1.05 : 1);
        }
    }

    /** How long the bars are; the library's own logarithmic axis marks horizontal bars in the wrong places. */
    private List<Double> lengths(List<Double> values) {
        int lowest = logarithmic ? lowestPower() : 0;
        return values.stream()
                .map(v -> !isDrawable(v) ? 0.0 : logarithmic ? Math.log10(v) - lowest : v)
                .toList();
    }

    /** The power of ten where the bars begin, below the least of their values. */
    private int lowestPower() {
        return series.stream()
                .flatMap(List::stream)
                .filter(this::isDrawable)
                .mapToInt(v -> (int) Math.ceil(Math.log10(v)) - 1)
                .min()
                .orElse(0);
    }
}
