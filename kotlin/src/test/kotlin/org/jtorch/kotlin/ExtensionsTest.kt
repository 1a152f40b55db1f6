package org.jtorch.kotlin

import org.jtorch.Tensor
import org.jtorch.TensorIndex
import org.jtorch.Torch
import org.jtorch.autograd.Autograd
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ExtensionsTest {

    private val a = Torch.tensor(floatArrayOf(1f, 2f, 4f))
    private val b = Torch.tensor(floatArrayOf(4f, 3f, 2f))

    private fun assertValues(tensor: Tensor, vararg values: Float) = assertArrayEquals(values, tensor.toFloatArray())

    @Test
    fun operators() {
        assertValues(a + b, 5f, 5f, 6f)
        assertValues(a + 1, 2f, 3f, 5f)
        assertValues(1 + a, 2f, 3f, 5f)
        assertValues(a - b, -3f, -1f, 2f)
        assertValues(a - 1, 0f, 1f, 3f)
        assertValues(1 - a, 0f, -1f, -3f)
        assertValues(a * b, 4f, 6f, 8f)
        assertValues(a * 2, 2f, 4f, 8f)
        assertValues(0.5 * a, 0.5f, 1f, 2f)
        assertValues(a / b, 0.25f, 2f / 3, 2f)
        assertValues(a / 2, 0.5f, 1f, 2f)
        assertValues(8 / a, 8f, 4f, 2f)
        assertValues(a % b, 1f, 2f, 0f)
        assertValues(-a % 3, 2f, 1f, 2f)
        assertValues((a + b) * 2 - a / 1, 9f, 8f, 8f)
    }

    @Test
    fun brackets() {
        val x = Torch.arange(12).view(3, 4).float32()
        assertValues(x[0], 0f, 1f, 2f, 3f)
        assertValues(x[-1, 1..2], 9f, 10f)
        assertValues(x[all, 0], 0f, 4f, 8f)
        assertValues(x[rest, -1], 3f, 7f, 11f)
        assertValues(x[0, 0..<4 step 2], 0f, 2f)
        assertValues(x[x.gt(9)], 10f, 11f)
        assertValues(x[1, TensorIndex.slice(1, -1)], 5f, 6f)
        assertValues(x[Torch.tensor(longArrayOf(2, 0)), 0L], 8f, 0f)
        assertEquals(listOf(1L, 3L, 4L), x[null].shape().toList())
        assertEquals(0L, x[0, 0..<0].numel())
    }

    @Test
    fun assignment() {
        val x = Torch.zeros(2, 3)
        x[0, 1] = 5
        x[1] = a
        x[x.gt(3)] = -1
        assertValues(x, 0f, -1f, 0f, 1f, 2f, -1f)
    }

    @Test
    fun whatIsNoIndex() {
        val text = assertThrows(IllegalArgumentException::class.java) { a["x"] }
        assertEquals("x, a String, is not an index: give an Int, a range, a Tensor, null, or a TensorIndex", text.message)
        val negative = assertThrows(IllegalArgumentException::class.java) { a[0..-2] }
        assertEquals(
            "the range 0..-2 has negative positions, which would be an empty range in Kotlin:" +
                " write TensorIndex.slice(0, -1) to count from the end",
            negative.message,
        )
        assertThrows(IllegalArgumentException::class.java) { a[2 downTo 0] }
    }

    @Test
    fun aScopeFreesAllButItsResult() {
        lateinit var inner: Tensor
        val result = scope {
            inner = a + 1
            inner * 2
        }
        assertTrue(inner.isClosed)
        assertValues(result, 4f, 6f, 10f)
    }

    @Test
    fun modes() {
        noGrad { assertFalse(Autograd.isGradEnabled()) }
        assertTrue(inferenceMode { Autograd.isInferenceModeEnabled() })
        assertTrue(Autograd.isGradEnabled())
    }
}
