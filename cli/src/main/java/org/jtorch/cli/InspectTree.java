package org.jtorch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.TextTable;
import org.jtorch.serialize.CheckpointInfo;
import org.jtorch.serialize.format.TensorInfo;

/** Prints keys as a tree: each part of a key is a level, and each branch shows the totals of what is below it. */
final class InspectTree {

    private final Map<String, InspectTree> children = new LinkedHashMap<>();
    private @Nullable TensorInfo tensor;
    private @Nullable TensorStats stats;
    private long bytes;
    private int tensors;

    private InspectTree() {}

    static String text(CheckpointInfo info, Map<String, TensorStats> stats) {
        InspectTree root = new InspectTree();
        info.tensors().forEach((key, tensor) -> root.add(key, tensor, stats.get(key)));
        TextTable table =
                new TextTable().words("key").words("shape").words("dtype").numbers("size");
        if (!stats.isEmpty()) {
            table.numbers("min").numbers("max").numbers("mean").numbers("nan").numbers("inf");
        }
        root.rows(table, 0, !stats.isEmpty());
        return table.toString();
    }

    private void add(String key, TensorInfo added, @Nullable TensorStats addedStats) {
        InspectTree at = this;
        for (String part : key.split("\\.", -1)) {
            at = at.children.computeIfAbsent(part, p -> new InspectTree());
            at.bytes += added.nbytes();
            at.tensors++;
        }
        at.tensor = added;
        at.stats = addedStats;
    }

    private void rows(TextTable table, int depth, boolean withStats) {
        children.forEach((part, first) -> {
            // A branch that does not fork is printed on one line.
            StringBuilder name = new StringBuilder(part);
            InspectTree child = first;
            while (child.tensor == null && child.children.size() == 1) {
                Map.Entry<String, InspectTree> only =
                        child.children.entrySet().iterator().next();
                name.append('.').append(only.getKey());
                child = only.getValue();
            }
            TensorInfo leaf = child.tensor;
            String[] head = {
                "  ".repeat(depth) + name + (leaf == null ? "." : ""),
                leaf == null ? TextTable.count(child.tensors, "tensor") : InspectCommand.shape(leaf),
                leaf == null ? "" : DTypeNames.name(leaf),
                TextTable.bytes(child.bytes)
            };
            if (withStats) {
                String[] numbers =
                        leaf == null ? new String[] {"", "", "", "", ""} : InspectCommand.statCells(child.stats);
                table.row(
                        head[0], head[1], head[2], head[3], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
            } else {
                table.row(head);
            }
            child.rows(table, depth + 1, withStats);
        });
    }
}
