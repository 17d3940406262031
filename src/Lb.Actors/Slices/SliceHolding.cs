namespace Lb.Actors;

/// <summary>What this node has of one limit.</summary>
/// <param name="key">The limit.</param>
internal sealed class SliceHolding(SliceKey key)
{
    public SliceKey Key => key;

    /// <summary>What is configured.</summary>
    public int Limit { get; private set; }

    /// <summary>The last claim that was sent before the limit was lowered: what answers it may be a part of more.</summary>
    private long LoweredAfter { get; set; } = long.MinValue;

    /// <summary>Its slice.</summary>
    public int Amount { get; private set; }

    /// <summary>Until when.</summary>
    public long Until { get; private set; }

    /// <summary>Number of the grant.</summary>
    public long Serial { get; private set; }

    public int Used { get; private set; }

    public bool Hungry { get; private set; }

    /// <summary>The owner is to know at once.</summary>
    public bool IsUrgent { get; private set; }

    /// <summary>Since when more is wanted without a pause that counts; null while it is not.</summary>
    public long? HungrySince { get; private set; }

    /// <summary>When more was wanted last.</summary>
    public long HungryAt { get; private set; }

    /// <summary>That was said.</summary>
    public bool IsStarved { get; set; }

    /// <summary>The first claim that said what is used now, of a node that ends.</summary>
    private long SaidAt { get; set; } = long.MaxValue;

    /// <summary>The node ends, and the owner knows what is used now.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>What may be used now.</summary>
    public int Usable(long now) => now < Until ? Amount : 0;

    /// <summary>What is used.</summary>
    public void Observe(int used, bool hungry, long now)
    {
        bool pressed = new SliceNeed(used, Amount, hungry).IsPressed;
        IsUrgent |= pressed && (used != Used || hungry != Hungry);
        if (used != Used)
        {
            (SaidAt, IsConfirmed) = (long.MaxValue, false);
        }

        (Used, Hungry) = (used, hungry);
        if (hungry)
        {
            HungrySince ??= now;
            HungryAt = now;
        }
        else if (now - HungryAt >= SliceTimes.Starved.Ticks)
        {
            HungrySince = null;
        }
    }

    /// <summary>
    /// Another limit is configured. Of a lower one this node has its part at once: what ends meanwhile would be replaced until the
    /// owner has divided it anew, and all that is too much would stay.
    /// </summary>
    /// <param name="limit">The limit.</param>
    /// <param name="stamp">Of the last claim that was sent.</param>
    /// <returns>Whether its slice has changed.</returns>
    public bool Configure(int limit, long stamp)
    {
        int part = limit < Limit ? (int)((long)Amount * limit / Limit) : Amount;
        bool changes = part != Amount;
        LoweredAfter = limit < Limit ? stamp : LoweredAfter;
        IsUrgent |= changes;
        (Limit, Amount) = (limit, part);
        return changes;
    }

    /// <summary>Takes what was given, unless something later was.</summary>
    /// <param name="serial">Number of the grant.</param>
    /// <param name="amount">What was given.</param>
    /// <param name="echo">Stamp of the claim that is answered.</param>
    /// <param name="until">Until when.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Take(long serial, int amount, long echo, long until)
    {
        if (serial <= Serial)
        {
            return false;
        }

        amount = echo <= LoweredAfter ? Math.Min(amount, Amount) : amount;

        // The owner gives away what is not needed any more as soon as it knows that it is not used.
        IsUrgent |= amount < Amount;
        (Serial, Amount, Until) = (serial, amount, until);
        return true;
    }

    /// <summary>Another owner counts anew.</summary>
    public void Follow() => Serial = 0;

    /// <summary>The owner is to be told at once.</summary>
    public void Hurry() => IsUrgent = true;

    /// <summary>The node uses nothing more.</summary>
    public void End(long now) => (Amount, Until) = (0, now);

    /// <summary>A claim of a node that ends was answered.</summary>
    /// <param name="echo">Its stamp.</param>
    public void OnAnswered(long echo) => IsConfirmed |= echo >= SaidAt;

    /// <summary>What the owner is told.</summary>
    /// <param name="relays">The relay runs.</param>
    /// <param name="ends">The node ends.</param>
    /// <param name="stamp">Of the claim.</param>
    /// <param name="now">Now.</param>
    public SliceClaim Claim(bool relays, bool ends, long stamp, long now)
    {
        IsUrgent = false;
        SaidAt = ends && SaidAt == long.MaxValue ? stamp : SaidAt;
        return new SliceClaim(key, relays, Serial, Usable(now), Used, Hungry, ends);
    }
}
