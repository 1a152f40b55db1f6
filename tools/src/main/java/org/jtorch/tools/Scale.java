package org.jtorch.tools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The axis below the bars of a chart: equal steps from zero, or powers of ten. */
final class Scale {

    /** A value and its text. */
    record Tick(double value, String text) {}

    private static final int MOST_TICKS = 9;

    private final boolean logarithmic;
    private final double low;
    private final double high;
    private final List<Tick> ticks;
    private final List<Tick> marks = new ArrayList<>();

    private Scale(boolean logarithmic, double low, double high, List<Tick> ticks) {
        this.logarithmic = logarithmic;
        this.low = low;
        this.high = high;
        this.ticks = ticks;
    }

    /**
     * Returns a scale for {@code values} in bytes, from 0 to the greatest, in the greatest unit in which it is at least one.
     */
    static Scale bytes(Collection<Double> values) {
        double greatest = values.stream().mapToDouble(v -> v).max().orElse(0);
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double size = 1;
        while (greatest / size >= 1024 && unit < units.length - 1) {
            size *= 1024;
            unit++;
        }
        double high = Math.max(greatest / size, 1);
        double step = Math.pow(10, Math.floor(Math.log10(high)));
        step = high / step < 2 ? step / 4 : high / step < 5 ? step / 2 : step;
        step = unit == 0 ? Math.max(1, Math.ceil(step)) : step;
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step <= high * (1 + 1e-9); i++) {
            String number = String.format(Locale.ROOT, "%.2f", i * step).replaceFirst("\\.?0+$", "");
            ticks.add(new Tick(i * step * size, i == 0 ? "0" : number + " " + units[unit]));
        }
        return new Scale(false, 0, high * size, ticks);
    }

    /** Returns a scale of powers of ten around {@code values}. Values that are not positive or not finite are ignored. */
    static Scale powersOfTen(Collection<Double> values) {
        double[] drawn = values.stream()
                .mapToDouble(v -> v)
                .filter(v -> v > 0 && v < Double.POSITIVE_INFINITY)
                .map(Math::log10)
                .sorted()
                .toArray();
        int low = drawn.length == 0 ? -1 : (int) Math.ceil(drawn[0]) - 1;
        int high = drawn.length == 0 ? 0 : Math.max(low + 1, (int) Math.ceil(drawn[drawn.length - 1]));
        int step = 1 + (high - low) / MOST_TICKS;
        List<Tick> ticks = new ArrayList<>();
        for (int power = low; power <= high; power += step) {
            ticks.add(new Tick(Math.pow(10, power), "1e" + power));
        }
        return new Scale(true, low, high, ticks);
    }

    /** Marks a value with a line and a text above it, if it is within the axis. */
    Scale mark(double value, String text) {
        double part = part(value);
        if (part > 0 && part < 1) {
            marks.add(new Tick(value, text));
        }
        return this;
    }

    List<Tick> ticks() {
        return ticks;
    }

    List<Tick> marks() {
        return marks;
    }

    /** Returns the position of a value: 0 at the beginning of the axis, 1 at its end, which is the greatest length of a bar. */
    double part(double value) {
        if (logarithmic) {
            return value <= 0 ? 0 : Math.min(1, (Math.log10(value) - low) / (high - low));
        }
        return high <= 0 ? 0 : Math.min(1, value / high);
    }
}
