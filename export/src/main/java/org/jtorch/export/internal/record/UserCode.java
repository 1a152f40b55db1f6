package org.jtorch.export.internal.record;

import java.lang.StackWalker.StackFrame;
import java.util.List;

/** The user's code among the frames of this thread. */
final class UserCode {

    private UserCode() {}

    /** Returns where the user's code is, such as {@code com.acme.Net.forward(Net.java:33)}, or else the layer's. */
    static String place() {
        List<String> places = StackWalker.getInstance()
                .walk(frames -> frames.takeWhile(frame -> !frame.getClassName().equals(Arguments.class.getName()))
                        .filter(UserCode::isCaller)
                        .map(frame -> frame.toStackTraceElement().toString())
                        .toList());
        return places.stream()
                .filter(place -> !place.contains("org.jtorch.nn."))
                .findFirst()
                .orElse(places.isEmpty() ? "an unknown place" : places.get(0));
    }

    private static boolean isCaller(StackFrame frame) {
        String name = frame.getClassName();
        int dot = name.lastIndexOf('.');
        String owner = dot < 0 ? "" : name.substring(0, dot);
        return !owner.equals("org.jtorch")
                && !owner.startsWith("org.jtorch.internal")
                && !owner.equals("org.jtorch.autograd")
                && !owner.equals("org.jtorch.export.internal.record")
                && !owner.startsWith("java.");
    }
}
