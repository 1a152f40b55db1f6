package org.jtorch.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.ConvertOptions;

/** A bar on a terminal, in bytes; nothing elsewhere. */
final class ConversionProgress implements ConvertOptions.Progress, AutoCloseable {

    private @Nullable ProgressBar bar;

    @Override
    public void at(String key, long done, long total) {
        if (bar == null && Terminal.isLive()) {
            bar = new ProgressBarBuilder()
                    .setTaskName("converting")
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUnit(" MiB", 1 << 20)
                    .setUpdateIntervalMillis(100)
                    .showSpeed()
                    .build();
        }
        ProgressBar shown = bar;
        if (shown != null) {
            shown.stepTo(done);
            shown.setExtraMessage(" " + key);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
