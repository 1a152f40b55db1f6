package org.jtorch.serialize;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.TextTable;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.internal.contents.Entries;
import org.jtorch.serialize.internal.contents.StateDicts;
import org.jtorch.serialize.internal.pickle.Kinds;

/** Formats a checkpoint as one line. */
final class CheckpointText {

    private CheckpointText() {}

    static String of(
            Object source, String place, CheckpointFormat format, @Nullable Object root, int tensors, long bytes) {
        String where = place.isEmpty() ? String.valueOf(source) : source + ": '" + place + "'";
        Map<?, ?> entries = Entries.dict(root);
        String what = Kinds.of(root)
                + (entries == null || entries.isEmpty() ? "" : " with " + StateDicts.some(entries.keySet()));
        return where + " (" + format + "): " + what + "; " + tensors + (tensors == 1 ? " tensor, " : " tensors, ")
                + TextTable.bytes(bytes);
    }
}
