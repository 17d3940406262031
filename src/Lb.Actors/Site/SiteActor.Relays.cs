using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>The site's part in relays: which there are to be.</summary>
public sealed partial class SiteActor
{
    private void TellRelays()
    {
        if (_site is not null && _verdicts is not null)
        {
            ILookup<bool, RelayConfig> relays = _site.Services.Values.ToLookup(
                service => service.Mode == ForwardingMode.Tproxy,
                service => RelayConfig.Of(service, _site.LogSample));
            _relays.Tell(new ConfigureRelays([.. relays[true]], [.. relays[false]]));
        }
    }

    private void OnRelaysReady()
    {
        TellRelays();
        _services.Tell(new TellRelays());
    }
}
