package org.jtorch.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how training goes: a live bar on a terminal, a line an epoch elsewhere. */
abstract class TrainingProgress implements AutoCloseable {

    /** Told of each step, from 1. */
    abstract void step(int epoch, int step, double loss);

    @Override
    public abstract void close();

    static TrainingProgress create(PrintWriter print, int epochs, int stepsPerEpoch, int batch) {
        return Terminal.isLive()
                ? new Bar(epochs, stepsPerEpoch, batch)
                : new Lines(print, epochs, stepsPerEpoch, batch);
    }

    /** The bar: epoch, batch, loss, samples a second, time left. */
    private static final class Bar extends TrainingProgress {
        private final ProgressBar bar;
        private final int epochs;
        private final int stepsPerEpoch;
        private final int batch;

        Bar(int epochs, int stepsPerEpoch, int batch) {
            this.epochs = epochs;
            this.stepsPerEpoch = stepsPerEpoch;
            this.batch = batch;
            bar = new ProgressBarBuilder()
                    .setTaskName("training")
                    .setInitialMax((long) epochs * stepsPerEpoch * batch)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUnit(" samples", 1)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(Terminal.line())
                    .showSpeed()
                    .setSpeedUnit(ChronoUnit.SECONDS)
                    .build();
        }

        @Override
        void step(int epoch, int step, double loss) {
            bar.stepBy(batch);
            bar.setExtraMessage(String.format(
                    Locale.ROOT, " epoch %d/%d batch %d/%d loss %.4f", epoch, epochs, step, stepsPerEpoch, loss));
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** One line an epoch, for logs. */
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
