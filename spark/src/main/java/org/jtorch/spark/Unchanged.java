package org.jtorch.spark;

import java.io.Serializable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** Returns what it is given. Java has no way to a barrier stage, and Scala's way needs a function of Scala. */
final class Unchanged<T> extends AbstractFunction1<Iterator<T>, Iterator<T>> implements Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<T> apply(Iterator<T> rows) {
        return rows;
    }
}
