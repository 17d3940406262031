namespace Lb.Kernel.Migration;

/// <summary>
/// How the bytes of one type become those of another: members by their names, numbers by what they are. What is new is zero, what
/// is no more is left out.
/// </summary>
internal sealed class Conversion
{
    private readonly IReadOnlyList<ConversionStep> _steps;

    internal Conversion(int oldSize, int newSize, IReadOnlyList<ConversionStep> steps, bool leavesOut)
    {
        _steps = steps;
        OldSize = oldSize;
        NewSize = newSize;
        IsInPlace = oldSize == newSize && !leavesOut && steps.All(step => step.IsInPlace);
    }

    /// <summary>Bytes of the old type.</summary>
    public int OldSize { get; }

    /// <summary>Bytes of the new type.</summary>
    public int NewSize { get; }

    /// <summary>The old bytes are right as they are: nothing has moved, and what is new was padding, which is zero.</summary>
    public bool IsInPlace { get; }

    /// <summary>The one for types that are not known: all bytes are as they were.</summary>
    public static Conversion Identity(int size) => new(size, size, [ConversionStep.Copy("", 0, 0, size)], leavesOut: false);

    /// <summary>Converts one value.</summary>
    /// <param name="old">Its bytes.</param>
    /// <param name="made">Where the new bytes go.</param>
    /// <returns>What of it does not fit; null when all does.</returns>
    public string? Apply(ReadOnlySpan<byte> old, Span<byte> made)
    {
        made.Clear();
        foreach (ConversionStep step in _steps)
        {
            if (step.Apply(old, made) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Converts a value that is there once for each CPU, as calls have it: each rounded up to 8 bytes.</summary>
    /// <inheritdoc cref="Apply"/>
    public string? ApplyToEach(ReadOnlySpan<byte> old, Span<byte> made, int count)
    {
        int oldStride = old.Length / count;
        int newStride = made.Length / count;
        made.Clear();
        for (int i = 0; i < count; i++)
        {
            if (Apply(old.Slice(i * oldStride, OldSize), made.Slice(i * newStride, NewSize)) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }
}
