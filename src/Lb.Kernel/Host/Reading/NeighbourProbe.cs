using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel.Netlink;

namespace Lb.Kernel.Host.Reading;

/// <summary>
/// Has the kernel ask on links who has an address (ARP, neighbour solicitation), all at once, and waits for the answers.
/// Entries that the neighbour table did not have before are removed again where that is asked for.
/// </summary>
internal sealed class NeighbourProbe(NetlinkSocket netlink)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<(int Interface, IPAddress IP), Question> _questions = [];

    private enum Answer
    {
        /// <summary>Nobody answered so far.</summary>
        None,

        /// <summary>Somebody did.</summary>
        Given,

        /// <summary>The kernel gave up, or there is nothing to ask.</summary>
        Final,
    }

    /// <summary>Asks.</summary>
    /// <param name="interfaceIndex">On this link.</param>
    /// <param name="ip">For this address.</param>
    /// <param name="patience">How long an answer is waited for.</param>
    /// <param name="forget">Remove the entry afterwards if it was not there before.</param>
    public void Ask(int interfaceIndex, IPAddress ip, TimeSpan patience, bool forget)
    {
        if (_questions.ContainsKey((interfaceIndex, ip)))
        {
            return;
        }

        Neighbour? known = NeighbourQueries.Find(netlink, interfaceIndex, ip);
        bool settled = known is not null
            && (known.State & (NeighbourState.Permanent | NeighbourState.NoArp)) != NeighbourState.None;
        bool asked = settled
            || (known is { Usable: true }
                ? NeighbourQueries.Confirm(netlink, interfaceIndex, ip)
                : NeighbourQueries.Ask(netlink, interfaceIndex, ip));
        _questions[(interfaceIndex, ip)] =
            new Question(asked, Stopwatch.GetTimestamp(), patience, forget && known is null);
    }

    /// <summary>Waits until every question is answered or has taken its time.</summary>
    public void Wait()
    {
        while (_questions.Any(q => q.Value.Asked
            && Stopwatch.GetElapsedTime(q.Value.Since) < q.Value.Patience
            && Look(q.Key).Answer == Answer.None))
        {
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Whether somebody answered; null when it could not be asked.</summary>
    public bool? Answered(int interfaceIndex, IPAddress ip) =>
        _questions.TryGetValue((interfaceIndex, ip), out Question? question) && question.Asked
            ? Look((interfaceIndex, ip)).Answer == Answer.Given
            : null;

    /// <summary>Who answered; null when nobody did.</summary>
    public PhysicalAddress? AddressOf(int interfaceIndex, IPAddress ip)
    {
        (Answer answer, PhysicalAddress address) = Look((interfaceIndex, ip));
        return answer == Answer.Given ? address : null;
    }

    /// <summary>Removes the entries that are to be forgotten.</summary>
    public void Forget()
    {
        foreach (((int index, IPAddress ip), Question question) in _questions)
        {
            if (question.Forget)
            {
                NeighbourQueries.Remove(netlink, index, ip);
            }
        }
    }

    private (Answer Answer, PhysicalAddress Address) Look((int Interface, IPAddress IP) about)
    {
        Neighbour? neighbour = NeighbourQueries.Find(netlink, about.Interface, about.IP);
        return neighbour is null || neighbour.State == NeighbourState.Failed
            ? (Answer.Final, PhysicalAddress.None)
            : (neighbour.State & NeighbourState.Confirmed) != NeighbourState.None
            ? (Answer.Given, neighbour.Address)
            : (Answer.None, PhysicalAddress.None);
    }

    private sealed record Question(bool Asked, long Since, TimeSpan Patience, bool Forget);
}
