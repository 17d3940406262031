using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>Has the host answer for what the node holds, and for nothing else of the site: puts, renews, tells, takes away.</summary>
internal sealed class VipKeeper(IVipAddresses addresses, AnnouncerSettings settings, ILogger log)
{
    /// <summary>How long a cable can be out before it is seen: the others take over within a second in all.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(30);

    /// <summary>When a VIP is told of after it was taken; some switches and hosts miss the first.</summary>
    private static readonly ImmutableArray<TimeSpan> Quick =
    [
        TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(3),
    ];

    private readonly Dictionary<IPAddress, Kept> _kept = [];
    private TimeSpan _nextLook;
    private VipHost _host = VipHost.Unknown;

    /// <summary>Whether some interface that VIPs are put on is there, up and connected.</summary>
    public bool HasInterface => settings.Interfaces.Any(
        name => _host.Interfaces.TryGetValue(name, out VipInterface? found) && found.IsUp);

    /// <summary>Those of the VIPs that have nowhere to be: where they belong, no interface is up and connected.</summary>
    public ImmutableHashSet<IPAddress> Blocked(ImmutableHashSet<IPAddress> vips) =>
        [.. vips.Where(vip => Places(vip).All(place => !place.IsUp))];

    /// <summary>Reads the host anew when it is time to.</summary>
    public void Refresh(TimeSpan now)
    {
        if (now >= _nextLook)
        {
            _nextLook = now + Look;
            _host = addresses.Read();
        }
    }

    /// <summary>Those of the VIPs that an announcer's address is on the host for.</summary>
    public IEnumerable<IPAddress> Left(ImmutableHashSet<IPAddress> vips) => _host.Addresses
        .Where(address => address.IsHeld && vips.Contains(address.Address))
        .Select(address => address.Address)
        .Distinct();

    /// <summary>Has the host answer for these, and for no other of the VIPs.</summary>
    /// <param name="held">What the node holds.</param>
    /// <param name="vips">The VIPs of the site.</param>
    /// <param name="now">The time.</param>
    /// <param name="renews">Whether anything is put there or told: if not, things are only taken away.</param>
    public void Keep(ImmutableHashSet<IPAddress> held, ImmutableHashSet<IPAddress> vips, TimeSpan now, bool renews)
    {
        foreach (IPAddress vip in _kept.Keys.Where(vip => !held.Contains(vip)).ToList())
        {
            _kept.Remove(vip);
            Release(vip);
        }

        foreach (IPAddress vip in Left(vips).Where(vip => !held.Contains(vip)).ToList())
        {
            Release(vip);
        }

        foreach (IPAddress vip in renews ? held : [])
        {
            if (!_kept.TryGetValue(vip, out Kept? kept))
            {
                kept = new Kept(now);
                _kept.Add(vip, kept);
                _nextLook = default;
                Refresh(now);
            }

            Keep(vip, kept, now);
        }
    }

    /// <summary>Takes away what it has put on the host.</summary>
    public void ReleaseAll()
    {
        _nextLook = default;
        foreach (IPAddress vip in _kept.Keys)
        {
            Release(vip);
        }

        _kept.Clear();
    }

    /// <summary>Where a VIP is, and what is wrong with it.</summary>
    public (string By, string? Problem) Describe(IPAddress vip)
    {
        if (!_kept.TryGetValue(vip, out Kept? kept))
        {
            return (string.Empty, null);
        }

        string own = VipPlaces.IsHosts(vip, _host) ? " (the host's own address)" : string.Empty;
        return (string.Join(", ", Places(vip).Select(place => place.Name)) + own, kept.Problem);
    }

    private ImmutableArray<VipInterface> Places(IPAddress vip) => VipPlaces.Of(vip, _host, settings.Interfaces);

    private void Keep(IPAddress vip, Kept kept, TimeSpan now)
    {
        if (now < kept.NextRenewal && now < kept.NextTelling)
        {
            return;
        }

        try
        {
            ImmutableArray<VipInterface> places = Places(vip);
            if (places.IsEmpty)
            {
                throw new KernelException(
                    $"None of {string.Join(", ", settings.Interfaces)} is there.", "Correct lb.announce.interfaces.");
            }

            if (now >= kept.NextRenewal)
            {
                Renew(vip, places);
                kept.NextRenewal = now + (settings.Lifetime / 4);
            }

            if (now >= kept.NextTelling)
            {
                foreach (VipInterface place in places)
                {
                    addresses.Announce(place, vip);
                }

                kept.NextTelling = kept.Told < Quick.Length ? kept.Since + Quick[kept.Told] : now + Slow;
                kept.Told++;
            }

            if (kept.Problem is not null)
            {
                log.VipKept(vip);
                kept.Problem = null;
            }
        }
        catch (KernelException reason)
        {
            if (kept.Problem != reason.Message)
            {
                log.VipNotKept(vip, reason.Message);
            }

            kept.Problem = reason.Message;
            kept.NextRenewal = now + Retry;
            kept.NextTelling = now + Retry;
        }
    }

    private void Renew(IPAddress vip, ImmutableArray<VipInterface> places)
    {
        if (VipPlaces.IsHosts(vip, _host))
        {
            return;
        }

        foreach (VipInterface place in places)
        {
            addresses.Hold(place.Index, vip, settings.Lifetime);
        }
    }

    private void Release(IPAddress vip)
    {
        try
        {
            // Not what was remembered: what is there now.
            foreach (VipAddress address in addresses.Read().Addresses.Where(a => a.IsHeld && a.Address.Equals(vip)))
            {
                addresses.Release(address.InterfaceIndex, vip);
            }
        }
        catch (KernelException reason)
        {
            // It ends by itself.
            log.VipNotReleased(vip, settings.Lifetime.TotalSeconds, reason.Message);
        }

        _host = _host with
        {
            Addresses = _host.Addresses.RemoveAll(address => address.IsHeld && address.Address.Equals(vip)),
        };
    }

    private sealed class Kept(TimeSpan since)
    {
        public TimeSpan Since { get; } = since;

        public TimeSpan NextRenewal { get; set; } = since;

        public TimeSpan NextTelling { get; set; } = since;

        public int Told { get; set; } = 1;

        public string? Problem { get; set; }
    }
}
