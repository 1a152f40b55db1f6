package org.jtorch.serialize;

import org.jspecify.annotations.Nullable;

/** A file refers to a class or function that is not known, and not allowed by {@link LoadOptions#allow}. */
public final class UnknownClassException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    private final String className;
    private final String statement;

    /** One that no file is named in yet. */
    public UnknownClassException(String className) {
        this(
                className,
                "the file refers to " + className
                        + ", which is not data that is known; nothing from a file is called or imported",
                null);
    }

    private UnknownClassException(String className, String statement, @Nullable Throwable cause) {
        super(statement + ". To read it as an inert record: load(..., o -> o.allow(\"" + className + "\"))", cause);
        this.className = className;
        this.statement = statement;
    }

    /** What the file refers to: {@code argparse.Namespace}. */
    public String className() {
        return className;
    }

    /** The message without its remedy, for those who do not ask their users to write Java. */
    public String statement() {
        return statement;
    }

    @Override
    UnknownClassException in(Object file) {
        return new UnknownClassException(className, file + ": " + statement, this);
    }
}
