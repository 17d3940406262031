using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// Who probes what, who decides, and how many must agree. Pure: nodes that see the same members say the same.
/// </summary>
internal sealed class Electorate
{
    private readonly ImmutableArray<VoteMember> _able;
    private readonly int _counted;

    /// <summary>The members that are up, this node among them or not, as it is known at an epoch.</summary>
    /// <param name="self">Where this node is.</param>
    /// <param name="members">Members that are up.</param>
    /// <param name="epoch">Revision of their table.</param>
    /// <param name="probers">How many nodes probe a backend.</param>
    public Electorate(string self, ImmutableArray<VoteMember> members, long epoch, int probers)
    {
        Epoch = epoch;
        Probers = probers;
        Self = members.FirstOrDefault(member => member.Address == self) ?? new VoteMember(self, IsReachable: true, IsLost: false);
        Others = [.. members.Where(member => member.Address != self)];
        ImmutableArray<VoteMember> able = [.. members.Where(member => member.IsReachable || member.Address == self)];

        // A node that is not in goes by those that are, as long as it reaches one.
        _able = able.IsEmpty ? [Self] : able;
        _counted = Others.Count(member => !member.IsLost) + (_able.Contains(Self) ? 1 : 0);
    }

    /// <summary>This node.</summary>
    public VoteMember Self { get; }

    /// <summary>The other members, reachable or not.</summary>
    public ImmutableArray<VoteMember> Others { get; }

    /// <summary>Revision of the table of members.</summary>
    public long Epoch { get; }

    /// <summary>How many nodes probe a backend, if there are as many.</summary>
    public int Probers { get; }

    /// <summary>
    /// There are others and this node reaches none of them: either they are gone, or it is cut off, which cannot be told
    /// apart from here.
    /// </summary>
    public bool IsCutOff => !Others.IsEmpty && _able.Length == 1 && _able[0] == Self;

    /// <summary>How many of the probers must say the same. Those that were lost a moment ago still count.</summary>
    public int Quorum => (Math.Min(Probers, _counted) / 2) + 1;

    /// <summary>Who decides on a service.</summary>
    public VoteMember Owner(ulong service) => _able.MaxBy(member => VoteHash.Weight(member.Hash, service))!;

    /// <summary>Who probes a backend.</summary>
    public ImmutableArray<VoteMember> ProbersOf(ulong service, ulong backend)
    {
        ulong thing = VoteHash.Of(service, backend);
        return _able.Length <= Probers
            ? _able
            : [.. _able.OrderByDescending(member => VoteHash.Weight(member.Hash, thing)).Take(Probers)];
    }

    /// <summary>Whether this node probes a backend.</summary>
    public bool IsProber(ulong service, ulong backend)
    {
        if (!_able.Contains(Self))
        {
            return false;
        }

        if (_able.Length <= Probers)
        {
            return true;
        }

        ulong thing = VoteHash.Of(service, backend);
        ulong own = VoteHash.Weight(Self.Hash, thing);
        return _able.Count(member => VoteHash.Weight(member.Hash, thing) > own) < Probers;
    }

    /// <summary>
    /// The verdict on a backend by what its probers see; what held before when they do not agree, or too few have looked.
    /// </summary>
    public HealthVerdict Judge(HealthVerdict held, int up, int down) =>
        up >= Quorum ? HealthVerdict.Up
        : down >= Quorum ? HealthVerdict.Down
        : held;
}
