package org.jtorch.serialize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value holds objects of classes, or names of functions, that are neither known nor allowed by {@link LoadOptions#allow}. The tensors
 * beside them are not affected: take them with {@link Checkpoint#at} and {@link Checkpoint#stateDict}.
 */
public final class UnknownClassException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /** Classes that the message names. */
    private static final int SHOWN = 8;

    private final LinkedHashMap<String, ArrayList<String>> classes = new LinkedHashMap<>();
    private final String statement;

    /**
     * One that no file is named in yet.
     *
     * @param classes the classes and functions, and for each the keys on the way to the first few places where it stands
     */
    public UnknownClassException(Map<String, ? extends List<String>> classes) {
        this(
                classes,
                "holds objects of classes that jtorch does not know: " + shown(classes)
                        + "; nothing from a file is called or imported",
                null);
    }

    private UnknownClassException(
            Map<String, ? extends List<String>> classes, String statement, @Nullable Throwable cause) {
        super(statement + ". To read them as inert records: load(..., o -> o.allow(" + quoted(classes) + "))", cause);
        classes.forEach((name, places) -> this.classes.put(name, new ArrayList<>(places)));
        this.statement = statement;
    }

    private static String shown(Map<String, ? extends List<String>> classes) {
        String first = classes.entrySet().stream()
                .limit(SHOWN)
                .map(entry -> entry.getKey() + place(entry.getValue()))
                .collect(Collectors.joining(", "));
        return classes.size() > SHOWN ? first + " and " + (classes.size() - SHOWN) + " more" : first;
    }

    private static String place(List<String> places) {
        if (places.isEmpty() || places.get(0).isEmpty()) {
            return "";
        }
        return " at '" + places.get(0) + "'" + (places.size() > 1 ? " and elsewhere" : "");
    }

    private static String quoted(Map<String, ?> classes) {
        return classes.size() > SHOWN
                ? "...)), or of all classes: load(..., o -> o.allowUnknownClasses("
                : classes.keySet().stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }

    /** The first class or function that is unknown: {@code argparse.Namespace}. */
    public String className() {
        return classes.keySet().iterator().next();
    }

    /**
     * All classes and functions that are unknown, in the order of the file, each with the keys on the way to the first few places where
     * it stands, joined by dots; empty text for the value itself.
     */
    public Map<String, List<String>> classes() {
        return Collections.unmodifiableMap(classes);
    }

    /** The message without its remedy, for those who do not ask their users to write Java. */
    public String statement() {
        return statement;
    }

    @Override
    UnknownClassException in(Object file) {
        return new UnknownClassException(classes, file + ": " + statement, this);
    }
}
