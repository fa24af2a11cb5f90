import { Component, input, signal } from '@angular/core';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';

/** A password, hidden until its user wants to see it. */
@Component({
  selector: 'app-password-field',
  imports: [ReactiveFormsModule, MatButtonModule, MatFormFieldModule, MatInputModule],
  template: `
    <mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>{{ label() }}</mat-label>
      <input
        matInput
        [formControl]="control()"
        [name]="name()"
        [type]="visible() ? 'text' : 'password'"
        [autocomplete]="autocomplete()"
        required
      >
      <button
        matButton
        matSuffix
        type="button"
        [attr.aria-label]="visible() ? 'Hide the password' : 'Show the password'"
        (click)="visible.set(!visible())"
      >
        {{ visible() ? 'Hide' : 'Show' }}
      </button>
      <mat-error>{{ error() }}</mat-error>
    </mat-form-field>
  `,
  styles: `
    mat-form-field {
      width: 100%;
    }
    button {
      margin-inline-end: 4px;
    }
  `,
})
export class PasswordField {
  readonly control = input.required<FormControl<string>>();
  readonly label = input.required<string>();
  readonly name = input.required<string>();
  readonly autocomplete = input.required<'current-password' | 'new-password'>();
  /** What is shown while the control is invalid. */
  readonly error = input.required<string>();
  protected readonly visible = signal(false);
}
