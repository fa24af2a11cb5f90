import { Injectable, signal } from '@angular/core';
import { SignInOutput, confirmResetPassword, confirmSignIn, getCurrentUser, resetPassword, signIn, signOut } from 'aws-amplify/auth';

/** What the user pool asks for next. */
export type Step =
  | { readonly ask: 'password' }
  | { readonly ask: 'new-password' }
  | { readonly ask: 'code'; readonly how: string }
  | { readonly ask: 'reset'; readonly username: string; readonly how: string }
  | { readonly ask: 'nothing' };

/** The pool asks for something that this page has no form for. */
class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/** Who is signed in, and how one gets there. */
@Injectable({ providedIn: 'root' })
export class Session {
  /** The user's name; null if no one is signed in; undefined before that is known. */
  readonly user = signal<string | null | undefined>(undefined);
  /** Why a session ended without its user asking for it. */
  readonly ended = signal<string | null>(null);

  /** Take up the session that this browser keeps, if there is one. */
  async restore(): Promise<void> {
    this.user.set(await current());
  }

  /** Sign in by SRP; the password does not leave the browser. */
  async signIn(username: string, password: string): Promise<Step> {
    const done = await signIn({ username, password, options: { authFlowType: 'USER_SRP_AUTH' } }).catch(
      async (error: Error) => {
        if (error.name !== 'UserAlreadyAuthenticatedException') throw error;
        await signOut();
        return signIn({ username, password, options: { authFlowType: 'USER_SRP_AUTH' } });
      },
    );
    return this.after(done, username);
  }

  /** Have the pool send a code with which a forgotten password is replaced. */
  async forgot(username: string): Promise<Step> {
    const { nextStep } = await resetPassword({ username });
    return { ask: 'reset', username, how: nextStep.codeDeliveryDetails?.destination ?? 'a message sent to you' };
  }

  /** Replace a forgotten password, and sign in with the new one. */
  async reset(username: string, code: string, password: string): Promise<Step> {
    await confirmResetPassword({ username, confirmationCode: code, newPassword: password });
    return this.signIn(username, password);
  }

  /** Answer what the pool asked for. */
  async answer(response: string): Promise<Step> {
    return this.after(await confirmSignIn({ challengeResponse: response }));
  }

  /** Sign out, here and at the pool; here also where the pool cannot be reached. */
  async signOut(reason: string | null = null): Promise<void> {
    try {
      await signOut();
    } catch (error) {
      console.warn('Signed out here only:', error);
    }
    this.ended.set(reason);
    this.user.set(null);
  }

  /** `username` is known of a sign-in's first step only, the one that can ask for a reset. */
  private async after({ nextStep }: SignInOutput, username = ''): Promise<Step> {
    switch (nextStep.signInStep) {
      case 'DONE':
        this.ended.set(null);
        this.user.set(await current());
        return { ask: 'nothing' };
      case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
        return { ask: 'new-password' };
      case 'CONFIRM_SIGN_IN_WITH_TOTP_CODE':
        return { ask: 'code', how: 'your authenticator app' };
      case 'CONFIRM_SIGN_IN_WITH_SMS_CODE':
      case 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE':
        return { ask: 'code', how: nextStep.codeDeliveryDetails?.destination ?? 'a message sent to you' };
      case 'RESET_PASSWORD':
        return this.forgot(username);
      default:
        throw new Unsupported(`The user pool asks for ${nextStep.signInStep}, which this page has no form for.`);
    }
  }
}

async function current(): Promise<string | null> {
  try {
    const user = await getCurrentUser();
    return user.signInDetails?.loginId ?? user.username;
  } catch (error) {
    if ((error as Error).name === 'UserUnAuthenticatedException') return null;
    throw error;
  }
}
