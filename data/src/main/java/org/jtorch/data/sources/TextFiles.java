package org.jtorch.data.sources;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jtorch.TorchException;

/** Opens files that may be compressed by gzip. */
final class TextFiles {

    private static final int BUFFER = 1 << 16;
    private static final int BYTE_ORDER_MARK = '\uFEFF';

    private TextFiles() {}

    /** Returns the bytes of a file, decompressed if its first bytes are those of gzip. */
    static InputStream open(Path path) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            in.mark(2);
            boolean isGzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return isGzip ? new GZIPInputStream(in, BUFFER) : in;
        } catch (Throwable e) {
            in.close();
            throw e;
        }
    }

    /** Returns the characters of a file without a byte order mark. Bytes that are not of the charset are errors. */
    static Reader open(Path path, Charset charset) throws IOException {
        InputStream in = open(path);
        try {
            BufferedReader reader = new BufferedReader(
                    new InputStreamReader(
                            in,
                            charset.newDecoder()
                                    .onMalformedInput(CodingErrorAction.REPORT)
                                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
                    BUFFER);
            reader.mark(1);
            if (reader.read() != BYTE_ORDER_MARK) {
                reader.reset();
            }
            return reader;
        } catch (Throwable e) {
            in.close();
            throw e;
        }
    }

    /** Returns the exception for a file that cannot be read: its content is bad, or the file is out of reach. */
    static RuntimeException failure(Path path, Charset charset, IOException e) {
        if (e instanceof CharacterCodingException) {
            return new TorchException(path + ": is not text in " + charset + ": " + e.getMessage(), e);
        }
        return failure(path, e);
    }

    /** Returns the exception for a file that cannot be read. */
    static UncheckedIOException failure(Path path, IOException e) {
        String what = e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : "cannot be read: " + e.getMessage();
        return new UncheckedIOException(path + ": " + what, e);
    }
}
