package org.jtorch.nn.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a state dict as the tree formed by their dots, so that each module receives only its own keys. It is built in
 * time proportional to the total length of the keys. Adjacent keys usually share their path, which is then not searched again.
 */
public final class StateDictTree {

    /** Up to this number of entries, a linear search is faster than a map. */
    private static final int SMALL = 8;

    /** One key of the state dict. */
    public static final class Leaf {
        public final String key;
        public final @Nullable Object value;
        private final int position;
        /** Whether a parameter or buffer has this key. */
        public boolean expected;

        Leaf(String key, @Nullable Object value, int position) {
            this.key = key;
            this.value = value;
            this.position = position;
        }
    }

    /** The length of the path to this node, including its last dot. */
    private final int length;

    private final List<Leaf> leaves = new ArrayList<>(2);
    private @Nullable Map<String, Leaf> index;
    private @Nullable Map<String, StateDictTree> children;
    /** Whether a module has this path. */
    private boolean expected;

    private StateDictTree(int length) {
        this.length = length;
    }

    /** Returns the tree of the entries whose keys begin with {@code prefix}. */
    public static StateDictTree of(Map<String, ? extends @Nullable Object> entries, String prefix) {
        StateDictTree root = new StateDictTree(prefix.length());
        List<StateDictTree> path = new ArrayList<>();
        path.add(root);
        String last = prefix;
        int position = 0;
        for (Map.Entry<String, ? extends @Nullable Object> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(prefix)) {
                continue;
            }
            int common = commonLength(last, key);
            int depth = path.size() - 1;
            while (path.get(depth).length > common) {
                path.remove(depth--);
            }
            StateDictTree node = path.get(depth);
            for (int dot = key.indexOf('.', node.length); dot >= 0; dot = key.indexOf('.', node.length)) {
                node = node.makeChild(key.substring(node.length, dot), dot + 1);
                path.add(node);
            }
            node.leaves.add(new Leaf(key, entry.getValue(), position++));
            last = key;
        }
        return root;
    }

    private static int commonLength(String a, String b) {
        int end = Math.min(a.length(), b.length());
        int i = 0;
        while (i < end && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    private StateDictTree makeChild(String name, int childLength) {
        if (children == null) {
            children = new HashMap<>();
        }
        StateDictTree child = children.get(name);
        if (child == null) {
            child = new StateDictTree(childLength);
            children.put(name, child);
        }
        return child;
    }

    /** Returns the key that ends here with {@code name}, or null. */
    public @Nullable Leaf leaf(String name) {
        if (leaves.size() > SMALL) {
            if (index == null) {
                index = new HashMap<>();
                for (Leaf leaf : leaves) {
                    index.put(leaf.key.substring(length), leaf);
                }
            }
            return index.get(name);
        }
        for (int i = 0; i < leaves.size(); i++) {
            Leaf leaf = leaves.get(i);
            if (leaf.key.length() == length + name.length() && leaf.key.endsWith(name)) {
                return leaf;
            }
        }
        return null;
    }

    /**
     * Returns the keys that no member has, in the order of the state dict: keys of this node, and all keys below a name that is
     * not a module.
     */
    public List<String> unexpected(Predicate<String> isAbsentModule) {
        List<Leaf> found = new ArrayList<>(0);
        for (int i = 0; i < leaves.size(); i++) {
            if (!leaves.get(i).expected) {
                found.add(leaves.get(i));
            }
        }
        if (children != null) {
            children.forEach((name, child) -> {
                if (!child.expected && !isAbsentModule.test(name)) {
                    child.collect(found);
                }
            });
        }
        return found.isEmpty()
                ? List.of()
                : inOrder(found).stream().map(leaf -> leaf.key).toList();
    }

    /** Returns all keys of this tree with their values, in the order of the state dict. */
    public Map<String, @Nullable Object> entries() {
        List<Leaf> all = new ArrayList<>();
        collect(all);
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        inOrder(all).forEach(leaf -> entries.put(leaf.key, leaf.value));
        return entries;
    }

    private void collect(List<Leaf> into) {
        into.addAll(leaves);
        if (children != null) {
            children.values().forEach(child -> child.collect(into));
        }
    }

    private static List<Leaf> inOrder(List<Leaf> found) {
        found.sort(Comparator.comparingInt(leaf -> leaf.position));
        return found;
    }

    /** Returns the node below {@code name}, or null. The name is that of a module, which reports its own unexpected keys. */
    public @Nullable StateDictTree expectModule(String name) {
        StateDictTree child = children == null ? null : children.get(name);
        if (child != null) {
            child.expected = true;
        }
        return child;
    }
}
