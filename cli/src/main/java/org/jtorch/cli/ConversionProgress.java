package org.jtorch.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.ConvertOptions;

/** A bar on a terminal, in bytes; nothing elsewhere. */
final class ConversionProgress implements ConvertOptions.Progress, AutoCloseable {

    private @Nullable ProgressBar bar;

    @Override
    public void at(String key, long done, long total) {
        if (bar == null && Terminal.isLive()) {
            bar = new ProgressBarBuilder()
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(100)
                    .setRenderer((state, room) -> ConversionLine.of(
                            state.getCurrent(),
                            state.getMax(),
                            state.getElapsedAfterStart(),
                            state.getExtraMessage(),
                            room))
                    .build();
        }
        ProgressBar shown = bar;
        if (shown != null) {
            shown.setExtraMessage(key);
            shown.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
