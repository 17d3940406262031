using System.Net;

namespace Lb.Actors;

/// <summary>What is known of another announcer. Times are those in which the node itself was awake.</summary>
internal sealed class AnnouncerPeer
{
    private readonly HashSet<IPAddress> _listed = [];
    private uint? _life;
    private uint _round;
    private readonly HashSet<byte> _parts = [];

    /// <summary>When it last gave a sign of life, as far as anybody said.</summary>
    public TimeSpan? Sign { get; private set; }

    /// <summary>When it last said something to this node itself: what others hear from this one, so that no echo lives on.</summary>
    public TimeSpan? Heard { get; private set; }

    /// <summary>Since when it could hold more; null while it could not.</summary>
    public TimeSpan? AbleSince { get; private set; }

    /// <summary>Somebody says that it lived at a time.</summary>
    public void SeenAt(TimeSpan time)
    {
        if (Sign is null || time > Sign)
        {
            Sign = time;
        }
    }

    /// <summary>Takes note of its own word; false when that is older than what it has said already.</summary>
    public bool Hear(AnnouncerHello hello, TimeSpan now, TimeSpan silence)
    {
        if (_life == hello.Life && unchecked((int)(hello.Round - _round)) < 0)
        {
            return false;
        }

        if (_life != hello.Life || hello.Round != _round)
        {
            _parts.Clear();
            _listed.Clear();
        }

        _life = hello.Life;
        _round = hello.Round;
        if (hello.Others.IsEmpty)
        {
            _parts.Add(hello.Part);
            _listed.UnionWith(hello.Claims.Select(claim => claim.Vip));
        }

        bool wasThere = Sign is { } sign && now - sign <= silence;
        SeenAt(now);
        Heard = now;
        AbleSince = !hello.IsAble ? null : wasThere ? AbleSince ?? now : now;
        return true;
    }

    /// <summary>Whether it has said, in the round that it is in, all that it holds.</summary>
    public bool HasSaidAll(AnnouncerHello hello) => _parts.Count >= hello.Parts;

    /// <summary>Whether the VIP is among what it said that it holds.</summary>
    public bool Lists(IPAddress vip) => _listed.Contains(vip);
}
