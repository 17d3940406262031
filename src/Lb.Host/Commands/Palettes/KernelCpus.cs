using System.Collections.Immutable;
using System.Globalization;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Commands;

/// <summary><c>kernel cpus</c>: who handles packets.</summary>
internal static class KernelCpus
{
    public static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        KernelSnapshot kernel = (await call.Context.Site.GetServicesAsync(stop)).Kernel;
        if (kernel.Spread is not { Use: var use })
        {
            return CommandResult.Say(
                "Packets are not spread over CPUs (lb.spread.cpus = none): each is handled by the one that its network card gives it to.");
        }

        HostCpus host = HostCpus.Read();
        return CommandResult.Table(
            "cpu",
            [
                new("cpu", "CPU", Right: true), new("state", "State"), new("own", "Own", Right: true),
                new("given", "Given", Right: true), new("taken", "Taken", Right: true),
            ],
            Rows(use, host)) with
        {
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"lb.spread.cpus = {use.Wish}, queues of {use.Wish.Queue}; {use.Missing} packets wait or were lost, {use.Lost} of them lost for certain")
                + (kernel.WhyNotXdp is { } why ? $"\nnothing is spread, since all services are at traffic control: {why}" : ""),
        };
    }

    private static IEnumerable<ImmutableArray<string>> Rows(SpreadUse use, HostCpus host)
    {
        Dictionary<int, CpuUse> known = use.Cpus.ToDictionary(cpu => cpu.Cpu);
        foreach (int number in known.Keys.Union(use.Wish.Cpus).Order())
        {
            CpuUse cpu = known.GetValueOrDefault(number) ?? new CpuUse(number, false, 0, 0, 0);
            string state = cpu.IsUsed ? "used" : host.Online.Contains(number) ? "not used" : "offline";
            yield return [Number(number), state, Number(cpu.Own), Number(cpu.Given), Number(cpu.Taken)];
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
