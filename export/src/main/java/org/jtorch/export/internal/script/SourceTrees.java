package org.jtorch.export.internal.script;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.internal.tree.TreeSpec;

/**
 * The types of inputs and outputs in TorchScript. A list and a dict have elements of one type there; what does not fit is a
 * tuple, in the same order.
 */
final class SourceTrees {

    static final String TENSOR = "Tensor";

    private SourceTrees() {}

    /** A value with its type. */
    record Typed(String text, String type) {}

    /**
     * Returns the type of a tree, and adds the text of each leaf.
     *
     * @param leaves the types of the leaves in order
     * @param text the text of the whole value
     * @param texts receives the texts of the leaves
     */
    static String type(TreeSpec tree, Iterator<String> leaves, String text, List<String> texts) {
        if (tree.kind() == TreeSpec.Kind.LEAF) {
            texts.add(text);
            return leaves.next();
        }
        List<String> types = new ArrayList<>();
        List<List<String>> inner = new ArrayList<>();
        for (TreeSpec child : tree.children()) {
            List<String> below = new ArrayList<>();
            types.add(type(child, leaves, "\u0000", below));
            inner.add(below);
        }
        boolean same = types.stream().distinct().count() <= 1;
        boolean list = tree.kind() == TreeSpec.Kind.LIST && same;
        boolean dict = isDict(tree) && same;
        for (int i = 0; i < types.size(); i++) {
            String element =
                    text + "[" + (dict ? SourceText.of((String) tree.keys().get(i)) : String.valueOf(i)) + "]";
            inner.get(i).forEach(each -> texts.add(each.replace("\u0000", element)));
        }
        String first = types.isEmpty() ? TENSOR : types.get(0);
        return list || types.isEmpty() && !dict
                ? "List[" + first + "]"
                : dict ? "Dict[str, " + first + "]" : "Tuple[" + String.join(", ", types) + "]";
    }

    private static boolean isDict(TreeSpec tree) {
        return (tree.kind() == TreeSpec.Kind.DICT || tree.kind() == TreeSpec.Kind.FIELDS)
                && tree.keys().stream().allMatch(String.class::isInstance);
    }

    /**
     * Returns the value of a tree.
     *
     * @param leaves the leaves in order; the type of None is {@code None}
     */
    static Typed value(TreeSpec tree, Iterator<Typed> leaves) {
        if (tree.kind() == TreeSpec.Kind.LEAF) {
            return leaves.next();
        }
        List<String> texts = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (TreeSpec child : tree.children()) {
            Typed each = value(child, leaves);
            texts.add(each.text());
            types.add(each.type());
        }
        String common = common(types);
        if (tree.kind() == TreeSpec.Kind.LIST && common != null) {
            return new Typed("[" + String.join(", ", texts) + "]", "List[" + common + "]");
        }
        if (isDict(tree) && common != null) {
            List<String> entries = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                entries.add(SourceText.of((String) tree.keys().get(i)) + ": " + texts.get(i));
            }
            return new Typed("{" + String.join(", ", entries) + "}", "Dict[str, " + common + "]");
        }
        if (texts.isEmpty()) {
            return new Typed("[]", "List[Tensor]");
        }
        return new Typed(
                "(" + String.join(", ", texts) + (texts.size() == 1 ? ",)" : ")"),
                "Tuple["
                        + String.join(
                                ", ", types.stream().map(SourceTrees::optional).toList()) + "]");
    }

    static String optional(String type) {
        return type.equals("None") ? "Optional[Tensor]" : type;
    }

    /** Returns the type that all have, or null. */
    private static @Nullable String common(List<String> types) {
        List<String> some =
                types.stream().filter(type -> !type.equals("None")).distinct().toList();
        if (some.size() > 1) {
            return null;
        }
        String type = some.isEmpty() ? TENSOR : some.get(0);
        return types.contains("None") ? "Optional[" + type + "]" : type;
    }

    /** Returns the type of a returned value. */
    static String returned(Typed value) {
        return optional(value.type());
    }
}
