using System.Collections.Immutable;
using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>A kind of value that a key can have.</summary>
/// <param name="Expected">What to write, as it reads after "expected".</param>
/// <param name="Mend">What to do when something else stands there.</param>
internal abstract record Kind(string Expected, string Mend);

/// <summary>A kind of value that becomes a <typeparamref name="T"/>.</summary>
internal abstract record Kind<T>(string Expected, string Mend) : Kind(Expected, Mend)
{
    /// <summary>Reads a value; what is wrong with it is added to the issues, and the result is null.</summary>
    public abstract Located<T>? Read(HoconValue value, string key, IssueList issues);

    protected Located<T>? Refuse(HoconValue value, string key, IssueList issues, string problem, string? mend = null)
    {
        issues.Add(new(Severity.Error, value.Origin, key, problem, Expected, mend ?? Mend));
        return null;
    }
}

/// <summary>One value, read from its text: HOCON converts between strings, numbers and booleans.</summary>
internal sealed record ScalarKind<T>(string Expected, string Mend, Func<string, Reading<T>> Parse)
    : Kind<T>(Expected, Mend)
{
    public override Located<T>? Read(HoconValue value, string key, IssueList issues)
    {
        if (!value.TryGetString().TryGet(out string? text, out _))
        {
            return Refuse(value, key, issues, $"{value.Describe()} stands here");
        }

        Reading<T> reading = Parse(text);
        return reading.Problem is { } problem
            ? Refuse(value, key, issues, problem, reading.Mend)
            : new Located<T>(reading.Value!, value.Origin, key);
    }
}

/// <summary>One value, or null.</summary>
internal sealed record NullableKind<T>(ScalarKind<T> Inner) : Kind<T?>($"{Inner.Expected}, or null", Inner.Mend)
    where T : class
{
    public override Located<T?>? Read(HoconValue value, string key, IssueList issues)
    {
        if (value is HoconNull)
        {
            return new Located<T?>(null, value.Origin, key);
        }

        return Inner.Read(value, key, issues) is { } read ? new Located<T?>(read.Value, read.Origin, key) : null;
    }
}

/// <summary>An array of values of one kind.</summary>
internal sealed record ListKind<T>(ScalarKind<T> Element, int MinCount, string Expected, string Mend)
    : Kind<ImmutableArray<Located<T>>>(Expected, Mend)
{
    public override Located<ImmutableArray<Located<T>>>? Read(HoconValue value, string key, IssueList issues)
    {
        if (!value.TryGetArray().TryGet(out HoconArray? array, out _))
        {
            return Refuse(value, key, issues, $"{value.Describe()} stands here");
        }

        if (array.Count < MinCount)
        {
            return Refuse(value, key, issues, "the array is empty");
        }

        ImmutableArray<Located<T>?> read = [.. array.Select((e, i) => Element.Read(e, $"{key}[{i}]", issues))];
        return read.Contains(null) ? null : new([.. read.Select(r => r!)], value.Origin, key);
    }
}
