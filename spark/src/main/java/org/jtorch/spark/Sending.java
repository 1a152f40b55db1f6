package org.jtorch.spark;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Checks, before a job starts, that Spark can send a function to the executors. */
final class Sending {

    private Sending() {}

    static void check(Object function, String name) {
        try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            out.writeObject(function);
        } catch (NotSerializableException e) {
            throw new IllegalArgumentException(
                    name + " uses an object of the class " + e.getMessage()
                            + " from outside, which cannot be sent to the executors: create it inside, or use only values that are"
                            + " Serializable, such as numbers, texts and arrays. A lambda that reads a field uses the whole object around"
                            + " it: copy the field to a local variable first",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be sent to the executors", e);
        }
    }
}
