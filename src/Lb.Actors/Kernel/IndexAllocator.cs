using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// Gives out the kernel's indexes. One that is released rests until it is known that nothing names it; a key that
/// comes back meanwhile gets its index back. Immutable.
/// </summary>
/// <typeparam name="TKey">What an index stands for.</typeparam>
internal sealed record IndexAllocator<TKey>
    where TKey : notnull
{
    private readonly uint _first;
    private readonly uint _limit;

    // Where the search for a free index begins: the one freed last is the last to be given out again.
    private uint _next;
    private ImmutableDictionary<TKey, uint> _inUse = ImmutableDictionary<TKey, uint>.Empty;
    private ImmutableDictionary<TKey, uint> _restingByKey = ImmutableDictionary<TKey, uint>.Empty;
    private ImmutableDictionary<uint, (TKey? Key, long Since)> _resting =
        ImmutableDictionary<uint, (TKey?, long)>.Empty;

    private ImmutableHashSet<uint> _taken = [];

    /// <summary>All indexes from <paramref name="first"/> to below <paramref name="limit"/> are free.</summary>
    public IndexAllocator(uint first, uint limit)
    {
        _first = first;
        _limit = limit;
        _next = first;
    }

    /// <summary>Indexes in use, by key.</summary>
    public IReadOnlyDictionary<TKey, uint> InUse => _inUse;

    /// <summary>Indexes that rest, with the time since when.</summary>
    public IEnumerable<KeyValuePair<uint, long>> Resting =>
        _resting.Select(resting => KeyValuePair.Create(resting.Key, resting.Value.Since));

    /// <summary>An index rests.</summary>
    public bool HasResting => !_resting.IsEmpty;

    /// <summary>Gives a key its index, the one it has or had if there is one.</summary>
    /// <returns>False when every index is taken.</returns>
    public bool TryAllocate(TKey key, out IndexAllocator<TKey> after, out uint index)
    {
        after = this;
        if (_inUse.TryGetValue(key, out index))
        {
            return true;
        }

        if (_restingByKey.TryGetValue(key, out index))
        {
            after = this with
            {
                _inUse = _inUse.Add(key, index),
                _resting = _resting.Remove(index),
                _restingByKey = _restingByKey.Remove(key),
            };
            return true;
        }

        uint size = _limit - _first;
        if ((uint)_taken.Count >= size)
        {
            return false;
        }

        index = _next;
        while (_taken.Contains(index))
        {
            index = After(index);
        }

        after = Adopt(key, index) with { _next = After(index) };
        return true;
    }

    /// <summary>Notes that a key has an index already.</summary>
    /// <exception cref="ArgumentException">The key or the index is in use.</exception>
    public IndexAllocator<TKey> Adopt(TKey key, uint index)
    {
        if (_taken.Contains(index))
        {
            throw new ArgumentException($"Index {index} is taken.", nameof(index));
        }

        return this with { _inUse = _inUse.Add(key, index), _taken = _taken.Add(index) };
    }

    /// <summary>Lays an index to rest that was found without a key.</summary>
    public IndexAllocator<TKey> Rest(uint index, long now) => _taken.Contains(index)
        ? this
        : this with { _taken = _taken.Add(index), _resting = _resting.Add(index, (default, now)) };

    /// <summary>Lays a key's index to rest.</summary>
    public IndexAllocator<TKey> Release(TKey key, long now) => !_inUse.TryGetValue(key, out uint index)
        ? this
        : this with
        {
            _inUse = _inUse.Remove(key),
            _resting = _resting.Add(index, (key, now)),
            _restingByKey = _restingByKey.Add(key, index),
        };

    /// <summary>Frees an index that rests.</summary>
    public IndexAllocator<TKey> Free(uint index)
    {
        if (!_resting.TryGetValue(index, out (TKey? Key, long Since) resting))
        {
            return this;
        }

        bool keyed = resting.Key is not null
            && _restingByKey.TryGetValue(resting.Key, out uint known)
            && known == index;
        return this with
        {
            _taken = _taken.Remove(index),
            _resting = _resting.Remove(index),
            _restingByKey = keyed ? _restingByKey.Remove(resting.Key!) : _restingByKey,
        };
    }

    private uint After(uint index) => index + 1 < _limit ? index + 1 : _first;
}
