package org.jtorch.nn;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The elements of a list-like container. Every change, including those through iterators and views, passes a check, which may
 * replace the element.
 */
final class CheckedList<E> extends AbstractList<E> implements DeepCopyable {

    private final List<E> list = new ArrayList<>();
    private final UnaryOperator<E> check;

    CheckedList(UnaryOperator<E> check) {
        this.check = check;
    }

    @Override
    public CheckedList<E> deepCopy(DeepCopier copier) {
        CheckedList<E> copy = new CheckedList<>(check);
        list.forEach(element -> copy.list.add(copier.copy(element)));
        return copy;
    }

    @Override
    public E get(int index) {
        return list.get(index);
    }

    @Override
    public int size() {
        return list.size();
    }

    @Override
    public E set(int index, E element) {
        return list.set(index, check.apply(element));
    }

    /**
     * Replaces an element like {@link #set}, without the check. It is for the object that stands in place of a computed
     * parameter.
     */
    void replace(int index, E element) {
        list.set(index, element);
    }

    @Override
    public void add(int index, E element) {
        list.add(index, check.apply(element));
        modCount++;
    }

    @Override
    public E remove(int index) {
        E removed = list.remove(index);
        modCount++;
        return removed;
    }
}
