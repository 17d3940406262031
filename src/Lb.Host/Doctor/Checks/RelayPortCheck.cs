using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Nobody else has the port of a relayed service.</summary>
internal sealed class RelayPortCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) => host.Facts.Relays is not { } relays
        ? []
        : relays.Taken
            .Where(taken => !IsOurs(host, taken))
            .Select(taken => Finding.Error(
                "relay-port",
                $"{taken.Vip}",
                $"{taken.Vip} is taken by {taken.Holder?.ToString() ?? "another process"}.",
                "The relay of the service cannot listen there: the service does not answer. A listener on every address has "
                + "the port on the VIP too.",
                taken.Holder is { } holder
                    ? $"let it listen on other addresses only, or end it with 'kill {holder.Id}'"
                    : "find it with 'ss -lntup', and let it listen on other addresses only"));

    private static bool IsOurs(Examination host, TakenPortFacts taken) =>
        host.Runner is { } runner && (taken.Holder is null || taken.Holder.Id == runner.Id);
}
