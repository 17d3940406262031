namespace Lb.Host.Configuration;

/// <summary>The outcome of reading a value: the value, or why it is none.</summary>
internal readonly record struct Reading<T>
{
    public T? Value { get; private init; }

    /// <summary>What is wrong; null when the value was read.</summary>
    public string? Problem { get; private init; }

    /// <summary>What to do about it; null when the expectation says it all.</summary>
    public string? Mend { get; private init; }

    public static Reading<T> Of(T value) => new() { Value = value };

    public static Reading<T> Wrong(string problem, string? mend = null) => new() { Problem = problem, Mend = mend };

    public Reading<TOther> Select<TOther>(Func<T, TOther> convert) =>
        Problem is { } problem ? Reading<TOther>.Wrong(problem, Mend) : Reading<TOther>.Of(convert(Value!));
}
