package org.jtorch.cli;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;
import org.jtorch.internal.text.TextTable;

/** Shows the progress of training: a live bar on a terminal, otherwise a line for each epoch. */
abstract class TrainingProgress implements AutoCloseable {

    /** Called for each step, from 1. */
    abstract void step(int epoch, int step, double loss);

    @Override
    public abstract void close();

    static TrainingProgress create(PrintWriter print, int epochs, int stepsPerEpoch, int batch) {
        return Terminal.isLive()
                ? new Bar(print, epochs, stepsPerEpoch, batch)
                : new Lines(print, epochs, stepsPerEpoch, batch);
    }

    /**
     * A bar of the width of the terminal with the epoch, the loss, the speed and the remaining time, followed by one line at
     * the end.
     */
    private static final class Bar extends TrainingProgress {

        private static final int SHORTEST_BAR = 8;

        private final PrintWriter print;
        private final ProgressBar bar;
        private final int epochs;
        private final int batch;
        private double last = Double.NaN;

        Bar(PrintWriter print, int epochs, int stepsPerEpoch, int batch) {
            this.print = print;
            this.epochs = epochs;
            this.batch = batch;
            bar = new ProgressBarBuilder()
                    .setInitialMax((long) epochs * stepsPerEpoch * batch)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(Terminal.line())
                    .setRenderer(Bar::line)
                    .build();
        }

        private static String line(ProgressState state, int room) {
            double part = (double) state.getCurrent() / state.getMax();
            double seconds = state.getElapsedAfterStart().toMillis() / 1e3;
            String percent = String.format(Locale.ROOT, "%3d%% ", (int) (100 * part));
            String speed = seconds < 0.3 || part == 0
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            ", %.0f samples/s, %s left",
                            state.getCurrent() / seconds,
                            ByteProgressLine.time(seconds / part - seconds));
            // The text is padded to its greatest width, so that the length of the bar does not change.
            String numbers = String.format(Locale.ROOT, "%-52s", state.getExtraMessage() + speed);
            int width = room - percent.length() - 2 - numbers.length();
            if (width >= SHORTEST_BAR) {
                return percent + ByteProgressLine.bar(part, width) + "| " + numbers;
            }
            String text = percent + numbers.stripTrailing();
            return text.substring(0, Math.min(text.length(), Math.max(0, room)));
        }

        @Override
        void step(int epoch, int step, double loss) {
            last = loss;
            bar.setExtraMessage(String.format(Locale.ROOT, "epoch %d/%d, loss %.4f", epoch, epochs, loss));
            bar.stepBy(batch);
        }

        @Override
        public void close() {
            bar.close();
            print.printf(
                    Locale.ROOT,
                    "trained %s in %s, last loss %.4f%n",
                    TextTable.count(epochs, "epoch"),
                    ByteProgressLine.time(bar.getElapsedAfterStart().toMillis() / 1e3),
                    last);
            print.flush();
        }
    }

    /** One line for each epoch, for logs. */
    private static final class Lines extends TrainingProgress {
        private final PrintWriter print;
        private final int epochs;
        private final int stepsPerEpoch;
        private final int batch;
        private final long start = System.nanoTime();
        private double sum;

        Lines(PrintWriter print, int epochs, int stepsPerEpoch, int batch) {
            this.print = print;
            this.epochs = epochs;
            this.stepsPerEpoch = stepsPerEpoch;
            this.batch = batch;
        }

        @Override
        void step(int epoch, int step, double loss) {
            sum += loss;
            if (step < stepsPerEpoch) {
                return;
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double done = (double) epoch / epochs;
            print.printf(
                    Locale.ROOT,
                    "epoch %d/%d  loss %.4f  %.0f samples/s  %.1f s left%n",
                    epoch,
                    epochs,
                    sum / stepsPerEpoch,
                    (double) epoch * stepsPerEpoch * batch / seconds,
                    seconds / done - seconds);
            print.flush();
            sum = 0;
        }

        @Override
        public void close() {
            print.flush();
        }
    }
}
