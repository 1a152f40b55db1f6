package org.jtorch;

import java.util.Locale;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.global.torch;

/** The order of a dense tensor's dimensions in memory. */
public enum MemoryFormat {
    /** Row-major; the default. */
    CONTIGUOUS_FORMAT(torch.MemoryFormat.Contiguous),
    /** The order of the input, if it is dense. */
    PRESERVE_FORMAT(torch.MemoryFormat.Preserve),
    /** {@code (N, C, H, W)} stored as {@code N, H, W, C}. */
    CHANNELS_LAST(torch.MemoryFormat.ChannelsLast),
    /** {@code (N, C, D, H, W)} stored as {@code N, D, H, W, C}. */
    CHANNELS_LAST_3D(torch.MemoryFormat.ChannelsLast3d);

    final torch.MemoryFormat handle;

    MemoryFormat(torch.MemoryFormat handle) {
        this.handle = handle;
    }

    MemoryFormatOptional optional() {
        return new MemoryFormatOptional(handle);
    }

    @Override
    public String toString() {
        return "torch." + name().toLowerCase(Locale.ROOT);
    }
}
