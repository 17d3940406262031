namespace Lb.Actors;

/// <summary>What is known of flows that nodes share, for who reads it without asking: metrics.</summary>
public sealed class SharingBoard
{
    private SharingSnapshot? _current;

    /// <summary>As it was about a second ago; null for a node that is alone.</summary>
    public SharingSnapshot? Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }
}
