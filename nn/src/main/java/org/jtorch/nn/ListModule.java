package org.jtorch.nn;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A module that is a {@link List}: {@link ModuleList} and {@link ParameterList}. The keys of the elements are their current
 * positions. Two lists are equal if their elements are equal.
 *
 * @param <E> the type of the elements
 */
abstract class ListModule<E> extends Module<Object, Object> implements List<E> {

    @Unregistered
    CheckedList<E> elements;

    /** Creates an empty list. {@code check} receives each element that is added and may replace it. */
    ListModule(UnaryOperator<E> check) {
        elements = new CheckedList<>(check);
    }

    /** Returns the element whose position is {@code key}, or null. */
    final @Nullable E elementAt(String key) {
        if (!key.matches("0|[1-9][0-9]{0,8}")) {
            return null;
        }
        int position = Integer.parseInt(key);
        return position < size() ? elements.get(position) : null;
    }

    /** Runs the registration hooks for an element at a position, as a container that takes it up; returns what to take. */
    abstract E registering(int position, E element);

    @Override
    public final int size() {
        return elements.size();
    }

    @Override
    public final boolean isEmpty() {
        return elements.isEmpty();
    }

    /** {@inheritDoc} A negative position counts from the end, as in PyTorch. */
    @Override
    public final E get(int index) {
        return elements.get(Slices.index(index, size()));
    }

    /** {@inheritDoc} A negative position counts from the end, as in PyTorch. */
    @Override
    public final E set(int index, E element) {
        int position = Slices.index(index, size());
        return elements.set(position, registering(position, element));
    }

    @Override
    public final boolean add(E element) {
        return elements.add(registering(size(), element));
    }

    @Override
    public final void add(int index, E element) {
        elements.add(index, registering(index, element));
    }

    @Override
    public final boolean addAll(Collection<? extends E> added) {
        return addAll(size(), added);
    }

    @Override
    public final boolean addAll(int index, Collection<? extends E> added) {
        int position = index;
        for (E element : List.copyOf(added)) { // it may be this list
            add(position++, element);
        }
        return position > index;
    }

    /** {@inheritDoc} A negative position counts from the end, as in PyTorch. */
    @Override
    public final E remove(int index) {
        return elements.remove(Slices.index(index, size()));
    }

    @Override
    final boolean deleteListed(String name) {
        if (elementAt(name) == null) {
            return false;
        }
        elements.remove(Integer.parseInt(name));
        return true;
    }

    @Override
    public final boolean remove(@Nullable Object element) {
        return elements.remove(element);
    }

    @Override
    public final boolean removeAll(Collection<?> removed) {
        return elements.removeAll(removed);
    }

    @Override
    public final boolean retainAll(Collection<?> retained) {
        return elements.retainAll(retained);
    }

    @Override
    public final void clear() {
        elements.clear();
    }

    @Override
    public final boolean contains(@Nullable Object element) {
        return elements.contains(element);
    }

    @Override
    public final boolean containsAll(Collection<?> asked) {
        return elements.containsAll(asked);
    }

    @Override
    public final int indexOf(@Nullable Object element) {
        return elements.indexOf(element);
    }

    @Override
    public final int lastIndexOf(@Nullable Object element) {
        return elements.lastIndexOf(element);
    }

    @Override
    public final Iterator<E> iterator() {
        return elements.iterator();
    }

    @Override
    public final ListIterator<E> listIterator() {
        return elements.listIterator();
    }

    @Override
    public final ListIterator<E> listIterator(int index) {
        return elements.listIterator(index);
    }

    @Override
    public final List<E> subList(int from, int to) {
        return elements.subList(from, to);
    }

    @Override
    public final Object[] toArray() {
        return elements.toArray();
    }

    @Override
    public final <T> T[] toArray(T[] array) {
        return elements.toArray(array);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other == this || elements.equals(other);
    }

    @Override
    public final int hashCode() {
        return elements.hashCode();
    }
}
