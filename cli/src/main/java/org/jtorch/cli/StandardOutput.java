package org.jtorch.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The standard output, which remembers why it could not be written: a {@link PrintWriter} keeps that to itself. */
final class StandardOutput extends FilterOutputStream {

    private @Nullable IOException failure;

    StandardOutput(OutputStream out) {
        super(out);
    }

    /** Returns the standard output of the process. */
    static StandardOutput ofTheProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out));
    }

    /** Returns a writer for the command, in the charset of the terminal. */
    PrintWriter writer() {
        String charset = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        return new PrintWriter(this, true, charset == null ? Charset.defaultCharset() : Charset.forName(charset));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** Returns why the output could not be written; null if it was written. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Returns whether the failure is that the reader of a pipe has seen enough, as {@code head} does. */
    boolean isUnwanted() {
        return failure != null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    }
}
