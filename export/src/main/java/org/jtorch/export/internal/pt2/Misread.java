package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.ExportException;

/** Exceptions for values in JSON that do not fit the schema. The message says what is wrong, and where. */
final class Misread {

    private Misread() {}

    static ExportException at(JsonParser in, String problem) {
        return at(in, problem, null);
    }

    static ExportException at(JsonParser in, String problem, @Nullable Throwable cause) {
        String message = "cannot be read: " + problem + ", at " + place(in.getParsingContext());
        return cause == null ? new ExportException(message) : new ExportException(message, cause);
    }

    static ExportException twice(JsonParser in, String field) {
        return at(in, "the field '" + field + "' is there twice");
    }

    static ExportException unknown(JsonParser in, String field) {
        return new ExportException("has the unknown field '" + field + "' at " + place(in.getParsingContext())
                + ": a newer PyTorch than 2.14 may have written it; export the model with an older one");
    }

    /** Returns the path to the value, such as {@code graph_module.graph.nodes[3].target}. */
    private static String place(JsonStreamContext context) {
        StringBuilder place = new StringBuilder();
        for (JsonStreamContext at = context; at != null; at = at.getParent()) {
            if (at.inArray() && at.hasCurrentIndex()) {
                place.insert(0, "[" + at.getCurrentIndex() + "]");
            } else if (at.inObject() && at.getCurrentName() != null) {
                boolean joined = place.length() == 0 || place.charAt(0) == '[';
                place.insert(0, at.getCurrentName() + (joined ? "" : "."));
            }
        }
        return place.length() == 0 ? "its start" : place.toString();
    }
}
