package org.jtorch.export.internal.run;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.OperatorSchema;

/** The operators that are written in Java, by their names. */
public final class OperatorRegistry {

    /**
     * An operator with its schema.
     *
     * @param own whether it is jtorch's, rather than a user's
     */
    record Entry(OperatorSchema schema, FunctionStep.Body body, boolean own) {}

    private static final Map<String, Entry> ENTRIES = new ConcurrentHashMap<>();

    static {
        addOwn("torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor", VisionOperators::nms);
        addOwn(
                "torchvision::roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt"
                        + " pooled_width, int sampling_ratio, bool aligned) -> Tensor",
                VisionOperators::roiAlign);
    }

    private OperatorRegistry() {}

    private static void addOwn(String schema, FunctionStep.Body body) {
        put(schema, body, true);
    }

    /** Adds an operator of a user, or replaces the one of the same name. */
    public static void add(String schema, FunctionStep.Body body) {
        put(schema, body, false);
    }

    private static void put(String schema, FunctionStep.Body body, boolean own) {
        OperatorSchema read = OperatorSchema.parse(Objects.requireNonNull(schema, "schema"));
        ENTRIES.put(read.name() + "." + read.overload(), new Entry(read, body, own));
    }

    /** Removes an operator, for tests. */
    static void remove(String name, String overload) {
        ENTRIES.remove(name + "." + overload);
    }

    /** Returns the arguments of the operator that a node's target names, or null if it is not written in Java. */
    public static @Nullable List<Operator.Argument> arguments(String target) {
        Entry entry = ofTarget(target);
        return entry == null ? null : entry.schema().arguments();
    }

    /** Returns whether the operator that a node's target names is one that a user has registered. */
    public static boolean isOfUser(String target) {
        Entry entry = ofTarget(target);
        return entry != null && !entry.own();
    }

    private static @Nullable Entry ofTarget(String target) {
        String[] parts = target.split("\\.", -1);
        return parts.length == 5 ? find(parts[2] + "::" + parts[3], parts[4].equals("default") ? "" : parts[4]) : null;
    }

    /** Returns an operator, or null if there is none of that name. */
    static @Nullable Entry find(String name, String overload) {
        return ENTRIES.get(name + "." + overload);
    }
}
