namespace Lb.Host.Metrics;

/// <summary>States by tags. Tags that were seen before are found without an allocation; there are few of them.</summary>
internal sealed class SeriesList<T>(Func<T> create)
    where T : class
{
    private readonly List<(KeyValuePair<string, object?>[] Tags, T State)> _series = [];

    public IReadOnlyList<(KeyValuePair<string, object?>[] Tags, T State)> All => _series;

    /// <summary>The state of these tags, made where they are new.</summary>
    public T Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((KeyValuePair<string, object?>[] known, T state) in _series)
        {
            if (Same(known, tags))
            {
                return state;
            }
        }

        T added = create();
        _series.Add((tags.ToArray(), added));
        return added;
    }

    private static bool Same(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length)
        {
            return false;
        }

        for (int i = 0; i < known.Length; i++)
        {
            if (known[i].Key != tags[i].Key || !Equals(known[i].Value, tags[i].Value))
            {
                return false;
            }
        }

        return true;
    }
}
