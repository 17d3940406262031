namespace Lb.Kernel.Relays;

/// <summary>Random numbers of one choice, by SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers.</summary>
internal struct RelayDice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 on and below <paramref name="below"/>.</summary>
    public uint Next(uint below)
    {
        _state += 0x9e37_79b9_7f4a_7c15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xbf58_476d_1ce4_e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
        return (uint)(((mixed ^ (mixed >> 31)) >> 32) * below >> 32);
    }
}
