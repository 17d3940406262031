namespace Lb.Actors;

/// <summary>What a <see cref="JournalDesk"/> wants done.</summary>
internal abstract record DeskEffect
{
    private DeskEffect()
    {
    }

    /// <summary>A worker is to read the journal; the one that there is, is to end.</summary>
    /// <param name="Doubt">The write that it is to look for, with its request.</param>
    /// <param name="Since">Number of the last event that is known.</param>
    /// <param name="IsFull">What is known may be wrong: all is to be read.</param>
    internal sealed record Open((JournalRequest Request, JournalWrite Write)? Doubt, long Since, bool IsFull) : DeskEffect;

    /// <summary>The worker is to decide on a request.</summary>
    internal sealed record Give(JournalRequest Request) : DeskEffect;

    /// <summary>The worker is to store the same once more.</summary>
    internal sealed record Repeat(JournalRequest Request, JournalWrite Write) : DeskEffect;

    /// <summary>Somebody is to be answered.</summary>
    internal sealed record Answer(JournalRequest Request, object Text) : DeskEffect;

    /// <summary>The number of the journal's last event is to be read; the answer names this look.</summary>
    internal sealed record Look(long Serial) : DeskEffect;

    /// <summary>The site is to be told what holds.</summary>
    internal sealed record Know(long Number, object Known) : DeskEffect;

    /// <summary>The site is to be told that the journal is away.</summary>
    internal sealed record Fail(string Reason) : DeskEffect;

    /// <summary>The site is to be told that it is back, and holds what it held.</summary>
    internal sealed record Recover : DeskEffect;
}
