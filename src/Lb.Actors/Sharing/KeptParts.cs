namespace Lb.Actors;

/// <summary>A part that was said, for those that have lost it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Message">Its bytes.</param>
/// <param name="At">When it was said.</param>
/// <param name="Entries">How many entries had been told with it and before.</param>
internal sealed record KeptPart(long Number, byte[] Message, long At, long Entries);

/// <summary>The newest parts of a feed, found by their numbers, which follow each other.</summary>
internal sealed class KeptParts
{
    private readonly KeptPart?[] _parts = new KeptPart?[ShareTimes.MostKept];
    private long _last;
    private int _count;

    /// <summary>Number of the first that is kept; that of the next one when none is.</summary>
    public long Floor => _last - _count + 1;

    /// <summary>Keeps the next one.</summary>
    public void Add(KeptPart part)
    {
        _last = part.Number;
        _count = Math.Min(_count + 1, _parts.Length);
        _parts[part.Number % _parts.Length] = part;
    }

    /// <summary>A part; null when it is not kept.</summary>
    public KeptPart? Find(long number) => number >= Floor && number <= _last ? _parts[number % _parts.Length] : null;

    /// <summary>Forgets all: numbers begin anew.</summary>
    public void Clear()
    {
        Array.Clear(_parts);
        _last = 0;
        _count = 0;
    }
}
