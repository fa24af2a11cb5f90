import { Injectable, signal } from '@angular/core';
import { SignInOutput, confirmResetPassword, confirmSignIn, getCurrentUser, resetPassword, signIn, signOut } from 'aws-amplify/auth';

/** The next step of a sign-in. `destination`: where the code was sent, or what shows it. */
export type Step =
  | { readonly kind: 'password' }
  | { readonly kind: 'new-password' }
  | { readonly kind: 'code'; readonly destination: string }
  | { readonly kind: 'reset'; readonly username: string; readonly destination: string }
  | { readonly kind: 'done' };

/** The pool requires a step that this page has no form for. */
class UnsupportedStep extends Error {
  override readonly name = 'UnsupportedStep';
}

const BY_MESSAGE = 'a message sent to you';

/** Who is signed in, and the steps of signing in. */
@Injectable({ providedIn: 'root' })
export class Session {
  /** The user's name; null if no one is signed in; undefined before that is known. */
  readonly user = signal<string | null | undefined>(undefined);
  /** Why a session ended without its user asking for it. */
  readonly ended = signal<string | null>(null);

  /** Continue the session that this browser has stored, if there is one. */
  async restore(): Promise<void> {
    this.user.set(await storedUser());
  }

  /** Sign in by SRP; the password does not leave the browser. */
  async signIn(username: string, password: string): Promise<Step> {
    const bySrp = () => signIn({ username, password, options: { authFlowType: 'USER_SRP_AUTH' } });
    const output = await bySrp().catch(async (error: Error) => {
      // Another tab signed in meanwhile: Amplify wants that session ended first.
      if (error.name !== 'UserAlreadyAuthenticatedException') throw error;
      await signOut();
      return bySrp();
    });
    return this.stepAfter(output, username);
  }

  /** Have the pool send a code with which a forgotten password is replaced. */
  async forgot(username: string): Promise<Step> {
    const { nextStep } = await resetPassword({ username });
    return { kind: 'reset', username, destination: nextStep.codeDeliveryDetails?.destination ?? BY_MESSAGE };
  }

  /** Replace a forgotten password, and sign in with the new one. */
  async reset(username: string, code: string, password: string): Promise<Step> {
    await confirmResetPassword({ username, confirmationCode: code, newPassword: password });
    return this.signIn(username, password);
  }

  /** Send what the current step requires: a code, or a new password. */
  async answer(response: string): Promise<Step> {
    return this.stepAfter(await confirmSignIn({ challengeResponse: response }));
  }

  /** Sign out here and at the pool; only here if the pool cannot be reached. */
  async signOut(reason: string | null = null): Promise<void> {
    try {
      await signOut();
    } catch (error) {
      console.warn('Signed out here only:', error);
    }
    this.ended.set(reason);
    this.user.set(null);
  }

  /** `username` is known in the first step only, which is the one that can require a reset. */
  private async stepAfter({ nextStep }: SignInOutput, username = ''): Promise<Step> {
    switch (nextStep.signInStep) {
      case 'DONE':
        this.ended.set(null);
        this.user.set(await storedUser());
        return { kind: 'done' };
      case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
        return { kind: 'new-password' };
      case 'CONFIRM_SIGN_IN_WITH_TOTP_CODE':
        return { kind: 'code', destination: 'your authenticator app' };
      case 'CONFIRM_SIGN_IN_WITH_SMS_CODE':
      case 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE':
        return { kind: 'code', destination: nextStep.codeDeliveryDetails?.destination ?? BY_MESSAGE };
      case 'RESET_PASSWORD':
        return this.forgot(username);
      default:
        throw new UnsupportedStep(`The user pool requires ${nextStep.signInStep}, and this page has no form for that.`);
    }
  }
}

/** The name of the user whose session is stored; null if there is none. */
async function storedUser(): Promise<string | null> {
  try {
    const user = await getCurrentUser();
    return user.signInDetails?.loginId ?? user.username;
  } catch (error) {
    if ((error as Error).name === 'UserUnAuthenticatedException') return null;
    throw error;
  }
}
