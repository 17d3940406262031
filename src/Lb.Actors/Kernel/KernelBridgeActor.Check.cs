using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>The bridge's self-check: all that the program reads, the program itself, and the pins.</summary>
internal sealed partial class KernelBridgeActor
{
    // Faults that could not be repaired: told once, not at every check.
    private ImmutableHashSet<string> _standing = [];
    private string? _setupProblem;

    private void OnCheck()
    {
        CountFlows();
        // What the host says is asked anew too: not all that changes it is told.
        _drawn = null;
        OnFlush();
        if (_held is null)
        {
            // The flush that is tried again reads all of it anew.
            return;
        }

        try
        {
            CountLost();
            CheckNow(repair: true);
        }
        catch (Exception reason)
        {
            Fail("check", reason);
        }
    }

    private void OnCheckKernel() => AnswerCheck(repair: false);

    private void OnRepairKernel() => AnswerCheck(repair: true);

    private void AnswerCheck(bool repair)
    {
        if (_config is null)
        {
            Sender.Tell(new KernelUnavailable("the node is starting: what is to be in the kernel is not known yet"));
            return;
        }

        try
        {
            Sender.Tell(CheckNow(repair));
        }
        catch (Exception reason)
        {
            Fail("check", reason);
            Sender.Tell(new KernelUnavailable(reason.Message));
        }
    }

    private KernelChecked CheckNow(bool repair)
    {
        long started = Stopwatch.GetTimestamp();
        var read = KernelState.Read(_datapath, KnownTables(), _held);
        // After a write that failed what is desired stands for what was written.
        KernelState wanted = _held ?? KernelImage.Of(_ledger, Direct(), read, Answers);
        IReadOnlyList<SetupFault> faults = _datapath.CheckSetup();
        ImmutableArray<string> differences =
            [.. KernelDrift.Between(read, wanted), .. faults.Select(fault => fault.What)];
        if (!repair || differences.IsEmpty)
        {
            if (repair)
            {
                Stand([]);
            }

            return new KernelChecked(differences, [], [], Stopwatch.GetElapsedTime(started));
        }

        List<string> repairs = [];
        List<(string What, string Reason)> unrepaired = [];
        RepairMaps(read, wanted, repairs, unrepaired);
        RepairSetup(faults, repairs, unrepaired);
        TellDrift([.. differences.Where(what => !_standing.Contains(what))], [.. repairs]);
        Stand(unrepaired);
        return new KernelChecked(
            differences,
            [.. repairs],
            [.. unrepaired.Select(fault => $"{fault.What}: {fault.Reason}")],
            Stopwatch.GetElapsedTime(started));
    }

    private void RepairMaps(
        KernelState read, KernelState wanted, List<string> repairs, List<(string What, string Reason)> unrepaired)
    {
        // Counters are left alone: ids and indexes have the owners that they had.
        KernelOperation[] writes = [.. KernelDiff.Between(read, wanted).Where(write => !write.IsReset)];
        if (writes.Length == 0)
        {
            return;
        }

        IReadOnlyList<KernelFailure> failures = KernelWriter.Write(_datapath, writes);
        ActorMeter.Repaired(writes.Length - failures.Count);
        HashSet<KernelOperation> failed = [.. failures.Select(failure => failure.Operation)];
        repairs.AddRange(writes.Where(write => !failed.Contains(write)).Select(write => write.ToString()));
        unrepaired.AddRange(failures.Select(failure => (failure.Operation.ToString(), failure.Reason.Message)));
        // One wrong entry may have hidden another, as a service that named the wrong table.
        IEnumerable<string> left = failures.Count > 0
            ? []
            : KernelDrift.Between(KernelState.Read(_datapath, KnownTables(), wanted), wanted);
        unrepaired.AddRange(left.Select(what => (what, "it was written and is not so; somebody else may be writing")));
        if (unrepaired.Count > 0)
        {
            _held = null;
            RetryFlush();
        }
    }

    private void RepairSetup(
        IEnumerable<SetupFault> faults, List<string> repairs, List<(string What, string Reason)> unrepaired)
    {
        foreach (SetupFault fault in faults)
        {
            try
            {
                _datapath.MendSetup(fault);
                ActorMeter.Repaired(1);
                repairs.Add(Words(fault));
            }
            catch (Exception reason)
            {
                unrepaired.Add((fault.What, reason.Message));
            }
        }
    }

    private static string Words(SetupFault fault) => fault.Part switch
    {
        SetupPart.NodeEntry => "write the node's entry",
        SetupPart.Interface => $"put the program on {fault.Name}",
        SetupPart.Filter => $"put the program at traffic control of {fault.Name}",
        SetupPart.Spread => "share packets out to the CPUs that are online",
        SetupPart.LinkPin => $"pin the link to {fault.Name}",
        SetupPart.ProgramPin => $"pin the program {fault.Name}",
        SetupPart.StrayPin => $"remove the pin of map {fault.Name}",
        SetupPart.TablePin => $"pin buffer {fault.Name} of the tables, or make another",
        _ => $"pin the map {fault.Name}",
    };

    private void TellDrift(ImmutableArray<string> news, ImmutableArray<string> repairs)
    {
        if (news.IsEmpty)
        {
            return;
        }

        _drifts++;
        _log.KernelDrifted(news.Length, string.Join("; ", news.Take(5)), string.Join("; ", repairs.Take(5)));
        Context.System.EventStream.Publish(new KernelDrifted(news, repairs));
    }

    /// <summary>Keeps in mind what is still wrong, and says what is newly so.</summary>
    private void Stand(IReadOnlyCollection<(string What, string Reason)> unrepaired)
    {
        foreach ((string what, string reason) in unrepaired.Where(fault => !_standing.Contains(fault.What)))
        {
            _log.KernelUnrepaired(what, reason);
        }

        _standing = [.. unrepaired.Select(fault => fault.What)];
        _setupProblem = unrepaired.Select(fault => $"{fault.What}: {fault.Reason}").FirstOrDefault();
    }

    /// <summary>Off the actor's thread: entries are counted by going through the maps.</summary>
    private void OnGetMaps() => _ = Task.Run(_datapath.ReadMaps).PipeTo(
        Sender, Self, maps => new KernelMaps([.. maps]), reason => new KernelUnavailable(reason.Message));

    private sealed record Check
    {
        public static readonly Check Instance = new();
    }
}
