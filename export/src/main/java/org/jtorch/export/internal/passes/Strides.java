package org.jtorch.export.internal.passes;

import java.util.List;
import java.util.Set;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.run.OperatorRegistry;

/** Which nodes depend on the order in which the elements of their inputs lie in memory. */
final class Strides {

    private static final Set<String> ALWAYS = Set.of(
            "as_strided",
            "as_strided_",
            "as_strided_scatter",
            "resize_",
            "set_",
            "storage_offset",
            "stride",
            "sym_storage_offset",
            "sym_stride",
            "view_as_complex");

    /** Operators that fail for some strides. */
    private static final Set<String> VIEWS = Set.of("view", "view_as", "_unsafe_view", "_reshape_alias");

    /** Operators that share memory or copy it, depending on strides. */
    private static final Set<String> SOMETIMES =
            Set.of("reshape", "reshape_as", "flatten", "ravel", "contiguous", "to");

    /** Operators whose results are contiguous for all strides of their inputs. */
    private static final Set<String> CONTIGUOUS = Set.of("linear", "mm", "addmm", "bmm", "baddbmm");

    private Strides() {}

    /** Returns whether the strides of a node's result do not depend on those of its inputs. */
    static boolean areItsOwn(Node node) {
        String name = Call.bareName(node);
        return name != null && CONTIGUOUS.contains(name) || node.target().startsWith(FusePointwise.LINEAR);
    }

    /**
     * Returns whether a node fails, or computes other values, if its inputs have other strides. An operator that a user has
     * written may do so.
     */
    static boolean matter(Node node, Aliases aliases) {
        String name = Call.bareName(node);
        if (name == null) {
            return OperatorRegistry.isOfUser(node.target()) || hasViews(node);
        }
        return ALWAYS.contains(name)
                || VIEWS.contains(name)
                || SOMETIMES.contains(name)
                        && node.outputs().stream()
                                .flatMap(output -> output.names().stream())
                                .anyMatch(aliases::isWritten);
    }

    /** Returns whether a node reads one of some values, or a view of one, and depends on its strides. */
    static boolean matter(List<String> values, Work work, Aliases aliases) {
        return work.nodes().stream()
                .filter(node -> matter(node, aliases))
                .flatMap(node -> node.inputs().stream())
                .flatMap(read -> read.arg().names().stream())
                .anyMatch(name -> values.stream().anyMatch(value -> aliases.share(value, name)));
    }

    /** Returns whether a graph among the arguments has a node that depends on strides. */
    private static boolean hasViews(Node node) {
        for (NamedArgument input : node.inputs()) {
            if (input.arg() instanceof Argument.SubGraph branch) {
                Aliases aliases = new Aliases(branch.graph().nodes());
                if (branch.graph().nodes().stream().anyMatch(each -> matter(each, aliases))) {
                    return true;
                }
            }
        }
        return false;
    }
}
