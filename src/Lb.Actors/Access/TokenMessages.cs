namespace Lb.Actors;

/// <summary>Asks for the tokens of the site. Answered by <see cref="TokenBook"/> or <see cref="ConfigUnavailable"/>.</summary>
/// <remarks>A node that has read them once goes on knowing them while its journal is away.</remarks>
public sealed record GetTokens;

/// <summary>
/// Makes a token. Answered by <see cref="TokenBook"/>, or as a change of the config that does not come about.
/// </summary>
/// <param name="Token">The token, with the hash of its secret.</param>
public sealed record AddToken(AccessToken Token);

/// <summary>Takes a token back, from then on. Answered as <see cref="AddToken"/> is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Info">Who, when, from where and why.</param>
public sealed record RevokeToken(string Name, ChangeInfo Info);
