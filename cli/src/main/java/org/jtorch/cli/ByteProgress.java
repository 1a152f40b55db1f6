package org.jtorch.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.ConvertOptions;

/** The progress of reading or converting a large file: a bar on a terminal, in bytes; nothing elsewhere. */
final class ByteProgress implements ConvertOptions.Progress, AutoCloseable {

    /** The number of bytes that are read before progress is shown. */
    private static final long QUICK = 256L << 20;

    private @Nullable ProgressBar bar;
    private @Nullable Boolean isLive;

    @Override
    public void at(String key, long done, long total) {
        if (bar == null && total >= QUICK && isLive()) {
            bar = new ProgressBarBuilder()
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(Terminal.line())
                    .setRenderer((state, room) -> ByteProgressLine.of(
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

    private boolean isLive() {
        Boolean known = isLive;
        if (known == null) {
            known = Terminal.isLive();
            isLive = known;
        }
        return known;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
